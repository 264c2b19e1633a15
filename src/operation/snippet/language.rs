//! One call, written in several languages.

use std::fmt::Write as _;

use super::Call;
use crate::base::{Language, Text, shell};

/// The languages of a snippet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScriptLanguage {
    /// A shell with curl.
    #[default]
    Curl,
    /// A shell (bash or zsh) with HTTPie.
    Httpie,
    /// Python 3 and nothing else.
    Python,
    /// Node.js 18 or newer and nothing else.
    Javascript,
    /// Rust and nothing else.
    Rust,
    /// Zoho's Deluge.
    Deluge,
}

impl ScriptLanguage {
    /// Every language with its word on the command line.
    pub const ALL: [(&str, Self); 6] = [
        ("curl", Self::Curl),
        ("httpie", Self::Httpie),
        ("python", Self::Python),
        ("javascript", Self::Javascript),
        ("rust", Self::Rust),
        ("deluge", Self::Deluge),
    ];

    /// The language of a word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(name, _)| *name == word).map(|(_, language)| language)
    }
}

/// Writes a call in a language, its comment in the reader's.
#[must_use]
pub fn write(call: &Call, script: ScriptLanguage, reader: Language) -> String {
    let by_headers = !call.proof.is_empty();
    match script {
        ScriptLanguage::Curl if by_headers => curl(call, reader),
        // HTTPie takes one header from a file, so that no secret stands among its arguments.
        ScriptLanguage::Httpie if call.proof.len() == 1 => httpie(call, reader),
        ScriptLanguage::Curl | ScriptLanguage::Httpie => shell(call, reader),
        ScriptLanguage::Python if by_headers => python(call, reader),
        ScriptLanguage::Python => python_request(call, reader),
        ScriptLanguage::Javascript if by_headers => javascript(call, reader),
        ScriptLanguage::Javascript => javascript_request(call, reader),
        ScriptLanguage::Rust => rust(call, reader),
        ScriptLanguage::Deluge => deluge(call, reader),
    }
}

const FRESH: Text = Text::new(
    "conn keeps the secret and gives a fresh header at each run.",
    "秘密の値は conn が保管し、実行のたびに有効なヘッダーを渡します。",
);
const THROUGH: Text = Text::new("conn proves each call and sends it.", "認証と送信は conn が行います。");
const DELUGE: Text = Text::new(
    "Zoho keeps its own connections: one of this link name must exist there too.",
    "Zoho 側にも同じリンク名の接続を作成しておく必要があります。",
);

/// `conn VERB NAME`, with the environment and the account where they were named.
fn conn(call: &Call, verb: &str, rest: &[&str]) -> Vec<String> {
    let mut words: Vec<String> = ["conn", verb, &call.link_name].map(str::to_owned).into();
    words.extend(rest.iter().map(|word| (*word).to_owned()));
    for (flag, value) in [("--environment", &call.environment), ("--account", &call.account)] {
        words.extend(value.iter().flat_map(|value| [flag.to_owned(), value.clone()]));
    }
    words
}

fn request(call: &Call) -> Vec<String> {
    conn(call, "request", &[&call.method, &call.path])
}

fn token(call: &Call) -> Vec<String> {
    conn(call, "token", &["--header"])
}

/// Words for a shell, quoted where they need it.
fn shell_words(words: &[String]) -> String {
    let quoted = words.iter().map(|word| shell::script_word(word));
    quoted.collect::<Vec<_>>().join(" ")
}

/// A string literal that Python, JavaScript, Rust and Deluge read alike.
fn literal(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn literals(words: &[String]) -> String {
    words.iter().map(|word| literal(word)).collect::<Vec<_>>().join(", ")
}

fn curl(call: &Call, reader: Language) -> String {
    let mut text = format!("# {}\n{} |\n", FRESH.get(reader), shell_words(&token(call)));
    let _ =
        write!(text, "  curl --fail-with-body --silent --show-error --request {} --header @-", call.method);
    for (name, value) in &call.headers {
        let _ = write!(text, " \\\n    --header {}", shell::script_word(&format!("{name}: {value}")));
    }
    let _ = writeln!(text, " \\\n    {}", shell::script_word(&call.url));
    text
}

fn httpie(call: &Call, reader: Language) -> String {
    let mut text = format!("# {}\nhttp --check-status {}", FRESH.get(reader), call.method);
    let _ = write!(text, " {}", shell::script_word(&call.url));
    let value = format!("{} | cut -d' ' -f2-", shell_words(&token(call)));
    let _ = write!(text, " \\\n  {}:@<({value})", call.proof[0]);
    for (name, value) in &call.headers {
        let _ = write!(text, " \\\n  {}", shell::script_word(&format!("{name}:{value}")));
    }
    text.push('\n');
    text
}

fn shell(call: &Call, reader: Language) -> String {
    format!("# {}\n{}\n", THROUGH.get(reader), shell_words(&request(call)))
}

fn python(call: &Call, reader: Language) -> String {
    let mut text = String::from("import subprocess\nimport urllib.request\n\n");
    let _ = writeln!(text, "# {}", FRESH.get(reader));
    let _ = writeln!(text, "command = [{}]", literals(&token(call)));
    text.push_str("lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout\n");
    text.push_str("headers = dict(line.split(\": \", 1) for line in lines.splitlines())\n");
    for (name, value) in &call.headers {
        let _ = writeln!(text, "headers[{}] = {}", literal(name), literal(value));
    }
    let (url, method) = (literal(&call.url), literal(&call.method));
    let _ = writeln!(text, "request = urllib.request.Request({url}, headers=headers, method={method})");
    text.push_str("with urllib.request.urlopen(request, timeout=30) as response:\n");
    text.push_str("    print(response.read().decode())\n");
    text
}

fn python_request(call: &Call, reader: Language) -> String {
    format!(
        "import subprocess\n\n# {}\ncommand = [{}]\n\
         print(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)\n",
        THROUGH.get(reader),
        literals(&request(call))
    )
}

fn javascript(call: &Call, reader: Language) -> String {
    let command = token(call);
    let mut text = String::from("import { execFileSync } from \"node:child_process\";\n\n");
    let _ = writeln!(text, "// {}", FRESH.get(reader));
    let rest = literals(&command[1..]);
    let _ = writeln!(text, "const lines = execFileSync(\"conn\", [{rest}], {{ encoding: \"utf8\" }});");
    text.push_str("const headers = Object.fromEntries(lines.trim().split(\"\\n\").map((line) => {\n");
    text.push_str("  const end = line.indexOf(\": \");\n");
    text.push_str("  return [line.slice(0, end), line.slice(end + 2)];\n}));\n");
    for (name, value) in &call.headers {
        let _ = writeln!(text, "headers[{}] = {};", literal(name), literal(value));
    }
    let (url, method) = (literal(&call.url), literal(&call.method));
    let _ = writeln!(text, "const response = await fetch({url}, {{ method: {method}, headers }});");
    text.push_str("if (!response.ok) throw new Error(`HTTP ${response.status}`);\n");
    text.push_str("console.log(await response.text());\n");
    text
}

fn javascript_request(call: &Call, reader: Language) -> String {
    let command = request(call);
    format!(
        "import {{ execFileSync }} from \"node:child_process\";\n\n// {}\n\
         console.log(execFileSync(\"conn\", [{}], {{ encoding: \"utf8\" }}));\n",
        THROUGH.get(reader),
        literals(&command[1..])
    )
}

fn rust(call: &Call, reader: Language) -> String {
    let command = request(call);
    format!(
        "use std::process::Command;\n\nfn main() {{\n    // {}\n    \
         let output = Command::new(\"conn\").args([{}]).output().expect(\"conn is installed\");\n    \
         assert!(output.status.success(), \"{{}}\", String::from_utf8_lossy(&output.stderr));\n    \
         println!(\"{{}}\", String::from_utf8_lossy(&output.stdout));\n}}\n",
        THROUGH.get(reader),
        literals(&command[1..])
    )
}

fn deluge(call: &Call, reader: Language) -> String {
    let entries = call.headers.iter().map(|(name, value)| format!("{}: {}", literal(name), literal(value)));
    format!(
        "// {}\nresponse = invokeurl\n[\n\turl: {}\n\ttype: {}\n\theaders: {{{}}}\n\tconnection: {}\n];\ninfo response;\n",
        DELUGE.get(reader),
        literal(&call.url),
        call.method,
        entries.collect::<Vec<_>>().join(", "),
        literal(&call.link_name)
    )
}
