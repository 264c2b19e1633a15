//! What the operating system refuses, in words of ours and in the language of the run.

use std::io::{self, ErrorKind};

use super::{Phrase, Text};

/// What an error of the system means. Its own text stands beside where it tells more, and alone where nobody has put
/// the kind in words yet.
#[must_use]
pub fn explained(error: &io::Error) -> Phrase {
    const ITS_OWN: Text = Text::new("{text}", "システムのエラー: {text}");
    const MORE: Text = Text::new("{words} ({text})", "{words}（{text}）");
    let text = error.to_string();
    let Some(words) = words(error.kind()) else { return ITS_OWN.fill(&[("text", &text)]) };
    // Who only adds the path to an error of the system repeats its words.
    let repeats = |inner: &(dyn std::error::Error + Send + Sync)| {
        inner.source().is_some_and(|below| below.downcast_ref::<io::Error>().is_some())
    };
    if error.get_ref().is_none_or(repeats) {
        return words.phrase();
    }
    MORE.fill_phrases(&[("words", words.phrase()), ("text", Phrase::same(text))])
}

/// The words for a kind of error.
#[must_use]
pub const fn words(kind: ErrorKind) -> Option<Text> {
    Some(match kind {
        ErrorKind::NotFound => Text::new("there is no such file", "ファイルがありません"),
        ErrorKind::PermissionDenied => {
            Text::new("this user has no permission for that", "このユーザーには権限がありません")
        }
        ErrorKind::ReadOnlyFilesystem => Text::new("the disk is read-only", "ディスクが読み取り専用です"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            Text::new("there is no space left", "ディスクの空き容量がありません")
        }
        ErrorKind::FileTooLarge => Text::new("that is too large", "サイズが大きすぎます"),
        ErrorKind::IsADirectory => Text::new("this is a folder", "フォルダーが指定されています"),
        ErrorKind::NotADirectory => {
            Text::new("a part of the path is no folder", "パスの途中がフォルダーではありません")
        }
        ErrorKind::InvalidFilename => Text::new("the system does not take this name", "この名前は使えません"),
        ErrorKind::AlreadyExists => Text::new("it is there already", "すでに存在します"),
        ErrorKind::ResourceBusy => Text::new("another process keeps it in use", "他のプロセスが使用中です"),
        ErrorKind::AddrInUse => Text::new("another program uses it", "別のプログラムが使用中です"),
        ErrorKind::AddrNotAvailable => {
            Text::new("this machine has no such address", "この端末にはないアドレスです")
        }
        ErrorKind::ConnectionRefused => Text::new("nothing listens there", "接続を拒否されました"),
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof => {
            Text::new("the other side broke it off", "相手側が途中で切断しました")
        }
        ErrorKind::TimedOut => Text::new("it took too long", "時間内に完了しませんでした"),
        ErrorKind::OutOfMemory => Text::new("there is no memory left", "メモリーが不足しています"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};

    use super::explained;

    #[test]
    fn what_is_known_is_said_in_words_of_ours_and_the_rest_in_those_of_the_system() {
        for (error, en, ja) in [
            (Error::from(ErrorKind::TimedOut), "it took too long", "時間内に完了しませんでした"),
            (
                Error::from(ErrorKind::ResourceBusy),
                "another process keeps it in use",
                "他のプロセスが使用中です",
            ),
            (
                Error::other("the waiting thread ended"),
                "the waiting thread ended",
                "システムのエラー: the waiting thread ended",
            ),
            (
                Error::new(ErrorKind::UnexpectedEof, "frame cut short"),
                "the other side broke it off (frame cut short)",
                "相手側が途中で切断しました（frame cut short）",
            ),
        ] {
            let phrase = explained(&error);
            assert_eq!((phrase.en.as_str(), phrase.ja.as_str()), (en, ja));
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_people_meet_has_words_in_both_languages() {
        use rustix::io::Errno;
        for (errno, en, ja) in [
            (Errno::NOENT, "no such file", "ファイルがありません"),
            (Errno::ACCESS, "no permission", "権限がありません"),
            (Errno::PERM, "no permission", "権限がありません"),
            (Errno::CONNREFUSED, "nothing listens", "拒否"),
            (Errno::TIMEDOUT, "too long", "時間内"),
            (Errno::NOSPC, "no space left", "空き容量"),
            (Errno::DQUOT, "no space left", "空き容量"),
            (Errno::ROFS, "read-only", "読み取り専用"),
            (Errno::ADDRINUSE, "another program", "使用中"),
            (Errno::ISDIR, "a folder", "フォルダー"),
            (Errno::NOTDIR, "no folder", "フォルダーではありません"),
        ] {
            let phrase = explained(&Error::from_raw_os_error(errno.raw_os_error()));
            assert!(phrase.en.contains(en) && phrase.ja.contains(ja), "{phrase:?}");
            assert!(!phrase.en.contains("os error") && !phrase.ja.contains("os error"), "{phrase:?}");
        }
        let rare = explained(&Error::from_raw_os_error(Errno::MFILE.raw_os_error()));
        assert!(rare.ja.starts_with("システムのエラー: Too many open files"), "{rare:?}");
    }
}
