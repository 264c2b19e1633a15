//! The commands in files that people copy: scripts, pipelines, units, pages.

/// The words of each call of conn in a text, without the program itself. Variables stand in their first values.
pub fn calls(text: &str) -> Vec<Vec<String>> {
    let text = text.replace("\\\n", " ");
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.flat_map(commands).collect()
}

/// The commands that a page shows in Markdown: in blocks for a shell every line, in blocks of a terminal those behind `$`.
pub fn shown(page: &str) -> String {
    let (mut block, mut commands) = (None, String::new());
    for line in page.lines() {
        match (line.strip_prefix("```"), block) {
            (Some(kind), None) => block = Some(kind),
            (Some(_), Some(_)) => block = None,
            (None, Some("sh")) => commands.push_str(&format!("{line}\n")),
            (None, Some("console")) if line.starts_with("$ ") || commands.ends_with("\\\n") => {
                commands.push_str(&format!("{line}\n"));
            }
            _ => {}
        }
    }
    commands
}

fn commands(line: &str) -> Vec<Vec<String>> {
    if let Some((_, list)) = line.split_once("command: [") {
        let words: Vec<String> = serde_json::from_str(&format!("[{list}")).unwrap();
        return if words[0] == "conn" { vec![words[1..].to_vec()] } else { vec![] };
    }
    let mut found = vec![];
    let mut words = words(line);
    while let Some(start) = words.iter().position(|word| is_conn(word)) {
        // Behind a word of prose it is a sentence and no command.
        let before = start.checked_sub(1).map(|place| words[place].clone());
        let rest = words.split_off(start + 1);
        let end = rest.iter().position(|word| is_end(word)).unwrap_or(rest.len());
        if before.is_none_or(|word| leads(&word)) {
            found.push(rest[..end].to_vec());
        }
        words = rest[end..].to_vec();
    }
    found
}

fn is_conn(word: &str) -> bool {
    matches!(word, "conn" | "$conn" | "ExecStart=/usr/local/bin/conn")
}

/// What may stand before a command: nothing, a mark, a time of cron, a variable, the end of another command.
fn leads(word: &str) -> bool {
    matches!(word, "-" | "$" | "run:" | "then" | "*" | "1" | "&&" | "||" | "|" | "!") || word.contains('=')
}

/// What ends a command's own words.
fn is_end(word: &str) -> bool {
    matches!(word, "&&" | "||" | "|" | ";" | "&") || word.starts_with(['>', '#']) || word == "2>&1"
}

/// The words of a line, quotes taken off, the variables of the examples filled in.
fn words(line: &str) -> Vec<String> {
    let line = line
        .replace("${{ matrix.shard }}", "1")
        .replace("$CI_NODE_INDEX", "1")
        .replace("$CI_NODE_TOTAL", "4");
    let (mut words, mut word, mut quote, mut begun) = (vec![], String::new(), None, false);
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => (quote, begun) = (Some(c), true),
            (None, c) if c.is_whitespace() => {
                if begun || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            (None, ';') => {
                words.extend([std::mem::take(&mut word), ";".to_owned()]);
                begun = false;
            }
            (_, c) => word.push(c),
        }
    }
    if begun || !word.is_empty() {
        words.push(word);
    }
    words.retain(|word| !word.is_empty());
    words
}
