//! What services are for, in the words of people who know only that. Beside the names of the categories, which
//! `super::category_words` holds. To have more services found, add a word, or a row for what only some services of a
//! category do.

use super::Service;
use super::fold::fold;

/// What some services are for.
struct Purpose {
    /// The words that people look for, between blanks.
    words: &'static str,
    /// The category that is for this; empty where only some services of one are.
    category: &'static str,
    /// The ids of further services, between blanks.
    services: &'static str,
}

const fn category(category: &'static str, words: &'static str) -> Purpose {
    Purpose { words, category, services: "" }
}

const fn some(services: &'static str, words: &'static str) -> Purpose {
    Purpose { words, category: "", services }
}

#[rustfmt::skip]
static PURPOSES: &[Purpose] = &[
    category("accounting", "会計 経理 財務 仕訳 帳簿 記帳 請求 請求書 見積 見積書 納品書 税務 確定申告 \
        bookkeeping invoice invoices invoicing billing tax taxes ledger estimates quotes"),
    category("ai", "人工知能 生成AI 機械学習 翻訳 音声認識 文字起こし LLM GPT model translation transcription speech"),
    category("analytics", "分析 解析 アクセス解析 データ連携 データ分析 BI ダッシュボード 集計 レポート \
        dashboards reports reporting metrics warehouse statistics"),
    category("automation", "自動化 業務自動化 RPA 連携 iPaaS integrations workflows"),
    category("cms", "ブログ ホームページ ウェブサイト Webサイト 写真 画像 blogs website headless publishing photos images"),
    category("crm", "顧客 顧客管理 営業 営業支援 営業管理 商談 案件 見込み客 取引先 名刺 SFA \
        customers sales leads deals pipeline contacts relationship"),
    category("design", "デザイン 図面 ホワイトボード whiteboard graphics diagrams CAD"),
    category("dev-tools", "開発 ソースコード リポジトリ ビルド テスト管理 git repository code CI build developers"),
    category("e-commerce", "EC 通販 ネット通販 ショッピング 物販 受注 受注管理 注文 在庫 在庫管理 出荷 配送 物流 倉庫 店舗 レジ POS \
        shop shopping online-shop orders inventory stock shipping fulfillment retail marketplace"),
    category("email", "メール メルマガ 一斉配信 メール送信 mail mailing newsletters smtp e-mail"),
    category("erp", "基幹業務 基幹システム 販売管理 生産管理 購買 enterprise-resource-planning procurement"),
    category("finance", "金融 銀行 口座 送金 株価 家計簿 支出 banking bank budget spending money stocks"),
    category("health", "健康 ヘルスケア 医療 フィットネス 運動 睡眠 fitness medical sleep workouts"),
    category("hr", "人事 労務 人事労務 勤怠 勤怠管理 出退勤 シフト 給与 給与計算 給与明細 給料 賃金 年末調整 採用 求人 従業員 社員 \
        人事評価 タレントマネジメント payroll salary wages human resources people employees staff workforce recruiting \
        recruitment hiring applicants attendance timesheets HRIS HCM ATS"),
    category("identity", "認証基盤 シングルサインオン ログイン アカウント管理 ID管理 ディレクトリ SSO IAM IdP login directory sign-in"),
    category("infrastructure", "インフラ サーバー クラウド ホスティング ドメイン DNS CDN cloud servers hosting domains deployment"),
    category("legal", "契約 契約書 契約管理 電子契約 電子署名 署名 押印 e-signature esignature signatures signing contracts"),
    category("maps", "地図 住所 位置情報 ジオコーディング 経路 geocoding addresses location routes"),
    category("marketing", "マーケティング 広告 集客 MA アンケート ads advertising campaigns surveys SEO"),
    category("messaging", "チャット ビジネスチャット メッセージ 社内連絡 電話 通話 ビデオ会議 ウェブ会議 Web会議 オンライン会議 通知 \
        chat instant calls phone telephony meetings conferences notifications"),
    category("monitoring", "監視 死活監視 障害 アラート ログ インシデント オンコール alerts uptime logs logging incidents observability APM"),
    category("payment", "決済 オンライン決済 カード決済 支払い 支払 課金 クレジットカード サブスクリプション 入金 \
        payments checkout cards subscriptions billing charges"),
    category("productivity", "業務 情報共有 共同作業 office collaboration teamwork"),
    category("search", "検索 全文検索"),
    category("security", "セキュリティ 脆弱性 脅威 ウイルス マルウェア vulnerabilities threats virus malware compliance"),
    category("sms", "SMS ショートメッセージ ショートメール text texting"),
    category("social", "SNS ソーシャル ソーシャルメディア 投稿 social posts"),
    category("storage", "ストレージ オンラインストレージ クラウドストレージ ファイル ファイル共有 ファイル管理 文書管理 バックアップ \
        files file-sharing drive documents backups"),
    category("support", "サポート 問い合わせ お問い合わせ 問合せ ヘルプデスク カスタマーサポート 顧客対応 チケット FAQ \
        helpdesk help-desk service-desk tickets ticketing customers ITSM"),
    category("video", "動画 ビデオ ライブ配信 動画配信 videos streaming"),
    category("weather", "天気 気象 天候 天気予報 forecast climate"),
    some("box dropbox google-drive nextcloud",
        "ストレージ オンラインストレージ クラウドストレージ ファイル ファイル共有 ファイル管理 files file-sharing storage drive backups"),
    some("freee jobcan-workflow moneyforward pleo ramp spendesk", "経費 経費精算 経費管理 精算 立替 expenses reimbursement"),
    some("moneyforward", "給与 給与計算 勤怠 勤怠管理 人事 人事労務 年末調整"),
    some("google zoho outlook", "グループウェア groupware gmail"),
    some("cybozu-user-api garoon kintone line-works microsoft-graph", "グループウェア groupware"),
    some("asana backlog clickup google-tasks jira linear microsoft-planner microsoft-to-do monday pivotaltracker redmine \
        todoist trello wrike zenkit zoho-projects adobe-workfront shortcut github gitlab",
        "プロジェクト プロジェクト管理 タスク タスク管理 課題 課題管理 進捗 進捗管理 ToDo projects tasks issues kanban"),
    some("acuity-scheduling cal-com calendly garoon google-calendar microsoft-graph outlook resova youcanbook-me",
        "カレンダー 予定 予定表 スケジュール 日程調整 予約 予約管理 calendars scheduling booking appointments"),
    some("airtable google-sheet grist microsoft-excel zoho-sheet", "表計算 スプレッドシート エクセル spreadsheets sheets excel"),
    some("coda confluence esa google-docs guru helpscout-docs microsoft-word notion qiita",
        "文書 ドキュメント 社内Wiki ウィキ ナレッジ マニュアル wiki knowledge-base documents notes"),
    some("garoon jobcan-workflow kintone servicenow", "ワークフロー 申請 承認 稟議 approvals workflows"),
    some("fillout formstack google-forms surveymonkey tally zoho-creator", "フォーム アンケート forms surveys"),
    some("airtable baserow kintone zoho-creator", "ノーコード ローコード 業務アプリ データベース no-code low-code database"),
];

/// Words that tell nothing beside another one: `会計 ソフト`, `payroll software`.
const BLUR: &[&str] = &[
    "管理",
    "ソフト",
    "システム",
    "サービス",
    "ツール",
    "アプリ",
    "software",
    "system",
    "service",
    "tool",
    "app",
];

/// Whether a folded word tells what kind of service is looked for.
pub(super) fn tells(typed: &str) -> bool {
    BLUR.iter().all(|word| fold(word) != typed)
}

/// How close a typed word has to come to one that people look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nearness {
    /// It begins one.
    Begins,
    /// It begins one or holds one, as `クラウド会計ソフト` holds `会計`. Only Japanese writes words together like this.
    Holds,
}

/// What services are for a folded word: categories, and ids of further services.
#[derive(Debug, Default)]
pub(super) struct Meant {
    categories: Vec<&'static str>,
    services: Vec<&'static str>,
}

impl Meant {
    pub(super) fn by(typed: &str, nearness: Nearness) -> Self {
        let fits = |word: &str| {
            let word = fold(word);
            let holds = || !word.is_ascii() && word.chars().count() > 1 && typed.contains(&word);
            word.starts_with(typed) || (nearness == Nearness::Holds && holds())
        };
        let mut meant = Self::default();
        for purpose in PURPOSES.iter().filter(|purpose| purpose.words.split_whitespace().any(fits)) {
            meant.categories.push(purpose.category);
            meant.services.extend(purpose.services.split_whitespace());
        }
        meant
    }

    pub(super) fn category(&self, category: &str) -> bool {
        !category.is_empty() && self.categories.contains(&category)
    }

    pub(super) fn service(&self, service: &Service) -> bool {
        self.category(service.category) || self.services.contains(&service.id)
    }
}

#[cfg(test)]
mod tests {
    use super::PURPOSES;
    use crate::catalog::{categories, find};

    #[test]
    fn every_purpose_has_services_and_names_no_word_twice() {
        for purpose in PURPOSES {
            let services: Vec<&str> = purpose.services.split_whitespace().collect();
            assert!(categories().contains(&purpose.category) == services.is_empty(), "{}", purpose.words);
            for id in services {
                assert!(find(id).is_some(), "there is no {id}");
            }
            let mut words: Vec<&str> = purpose.words.split_whitespace().collect();
            words.sort_unstable();
            assert!(words.is_sorted_by(|one, other| one < other), "{words:?}");
        }
    }
}
