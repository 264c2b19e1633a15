//! `conn request --all-pages`: how the next page is found, and what becomes of the items.

use clap::Args;

use super::Context;
use super::help::{number, say};
use crate::base::Text;
use crate::config::Format;
use crate::operation::Failure;
use crate::operation::pages::Pages;
use crate::operation::paging::{Next, Paging};
use crate::operation::request::LONGEST_ANSWER;

/// Arguments that make one request a list of all pages.
#[derive(Debug, Default, Args)]
pub struct PagesArguments {
    /// All pages.
    #[arg(long, help = say("Read all pages of a list and give out one JSON array (--format jsonl: one item per line); the next page is found as the connector's definition says, else by the Link header", "一覧の全ページを取得し、1 つの JSON 配列として出力します（--format jsonl なら 1 行に 1 件）。次のページは、指定がなければコネクターの定義に従い、定義もなければ Link ヘッダーで探します"))]
    all_pages: bool,
    /// Where the items are.
    #[arg(long, value_name = "POINTER", requires = "all_pages", value_parser = pointer, help = say("Where the items are in an answer, as a JSON pointer: /data", "応答の中の一覧の位置（JSON ポインター。例: /data）"))]
    items: Option<String>,
    /// Where the next page is named.
    #[arg(long, value_name = "POINTER", requires = "all_pages", conflicts_with_all = ["page", "offset"], value_parser = pointer, help = say("Where an answer names the address of the next page, or with --cursor its cursor: /next", "応答の中で次のページのアドレス（--cursor 指定時はカーソル）を示す位置（例: /next）"))]
    next: Option<String>,
    /// What takes the cursor.
    #[arg(long, value_name = "NAME", requires = "next", help = say("Query parameter that takes the cursor", "カーソルを渡すクエリーパラメーター"))]
    cursor: Option<String>,
    /// What counts pages.
    #[arg(long, value_name = "NAME", requires = "all_pages", conflicts_with = "offset", help = say("Query parameter that counts pages; read until one is empty", "ページ番号のクエリーパラメーター（空のページまで取得します）"))]
    page: Option<String>,
    /// What counts items.
    #[arg(long, value_name = "NAME", requires = "all_pages", help = say("Query parameter that counts items; read until a page is empty", "件数で位置を示すクエリーパラメーター（空のページまで取得します）"))]
    offset: Option<String>,
    /// The most pages.
    #[arg(long, value_name = "COUNT", requires = "all_pages", default_value_t = 100, hide_default_value = true, value_parser = number::<u32>(1, 100_000), help = say("The most pages to read, 100 unless said; more than that is an error", "取得するページ数の上限（標準は 100。超えた場合はエラー）"))]
    max_pages: u32,
}

fn pointer(text: &str) -> Result<String, String> {
    let wrong = say(
        "a JSON pointer begins with /, as in /data/items",
        "JSON ポインターは /data/items のように / で始めます",
    );
    if text.starts_with('/') { Ok(text.to_owned()) } else { Err(wrong.to_owned()) }
}

impl PagesArguments {
    /// Whether all pages are wanted.
    pub fn is_wanted(&self) -> bool {
        self.all_pages
    }

    /// How the list goes on.
    ///
    /// # Errors
    /// When the method is not one that only reads.
    pub fn paging(&self, method: &str) -> Result<Paging, Failure> {
        const METHOD: Text = Text::new(
            "All pages are read with GET only: another method might do something on each page.",
            "全ページの取得に使えるのは GET だけです（ほかのメソッドは、ページごとに処理が実行されるおそれがあります）。",
        );
        if method != "GET" {
            return Err(Failure::usage(METHOD.into(), None));
        }
        let next = match (&self.next, &self.cursor, &self.page, &self.offset) {
            (Some(pointer), Some(name), ..) => Some(Next::Cursor(vec![pointer.clone()], name.clone())),
            (Some(pointer), None, ..) => Some(Next::Address(vec![pointer.clone()])),
            (None, _, Some(name), _) => Some(Next::Page(name.clone())),
            (None, _, None, Some(name)) => Some(Next::Offset(name.clone())),
            (None, _, None, None) => None,
        };
        Ok(Paging { items: self.items.clone(), next, more: None, most: self.max_pages })
    }
}

/// The items on their way out.
pub struct Items<'c, 'w> {
    context: &'c Context<'w>,
    stream: bool,
    lines: bool,
    kept: Vec<String>,
    bytes: usize,
}

impl<'c, 'w> Items<'c, 'w> {
    /// None yet; `direct` where they go to standard output.
    pub fn new(context: &'c Context<'w>, direct: bool) -> Self {
        let lines = context.settings.format == Format::Jsonl;
        Self { context, stream: direct && lines, lines, kept: Vec::new(), bytes: 0 }
    }

    /// Takes the items of a page: prints them, or keeps them until all are there.
    ///
    /// # Errors
    /// When they become more than is held in memory.
    pub fn take(&mut self, page: Vec<String>) -> Result<(), Failure> {
        const LINES: Text = Text::new(
            "All pages together are too large to be held; --format jsonl gives them out as they come.",
            "全ページの合計が大きすぎて保持できません。--format jsonl なら届いた順に出力できます。",
        );
        if self.stream {
            self.context.print_bytes(&in_lines(&page));
            return Ok(());
        }
        self.bytes += page.iter().map(String::len).sum::<usize>();
        if self.bytes > LONGEST_ANSWER {
            let limit = LONGEST_ANSWER.to_string();
            return Err(Failure::cause("CONN-BODY-TOO-LARGE", &[("limit", &limit)]).because(LINES.into()));
        }
        self.kept.extend(page);
        Ok(())
    }

    /// What was kept, as text; none where all was printed.
    pub fn rest(self) -> Option<Vec<u8>> {
        if self.stream {
            return None;
        }
        if self.lines {
            return Some(in_lines(&self.kept));
        }
        Some(format!("[{}]\n", self.kept.join(",")).into_bytes())
    }
}

fn in_lines(items: &[String]) -> Vec<u8> {
    items.iter().flat_map(|item| [item.as_str(), "\n"]).collect::<String>().into_bytes()
}

/// Says how much was read.
pub fn tell_count(pages: &Pages, context: &Context) {
    const READ: Text =
        Text::new("Pages read: {pages}; items: {items}.", "{pages} ページ、{items} 件を取得しました。");
    const GUESSED: Text = Text::new(
        "Nothing declares how this service pages, and the answer has no Link header to a next page. If the list is \
         longer, say how it goes on: --next, --page or --offset.",
        "このサービスのページ送りは定義されておらず、応答に次のページを示す Link ヘッダーもありません。続きがある場合は、\
         --next、--page、--offset のいずれかで指定してください。",
    );
    let values = [("items", &*pages.items.to_string()), ("pages", &*pages.count.to_string())];
    context.remark(&READ.fill(&values));
    if pages.is_guessed() {
        context.remark(&GUESSED.into());
    }
}

/// Says on which page it ended.
pub fn tell_page(page: u32, context: &Context) {
    const FAILED: Text = Text::new(
        "Page {page} was refused; the list is not complete.",
        "{page} ページ目が拒否されました。一覧は完全ではありません。",
    );
    context.tell(FAILED.fill(&[("page", &page.to_string())]).get(context.language()));
}
