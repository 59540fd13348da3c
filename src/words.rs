//! The words that the theme and the views say, in the language of the site.
//!
//! They are data: `words/<language>.yaml` of the default theme, with the site's own over it word by word,
//! and English below both. A text may have places, such as `{name}`, and one form for each plural
//! category of its language. All is looked up and cut into pieces once, when a site is read. What people
//! wrote in content is never looked up here.
//!
//! Long because it declares every word that the program says on pages.

pub mod direction;
mod load;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Display;

use icu_plurals::{PluralCategory, PluralRules};
use jiff::civil::Date;

use crate::diagnostic::nearest;
use crate::page::front_matter::Field;
use crate::page::kind::Kind;
use crate::page::markdown;
pub use load::every_language;

/// The words of a site.
#[derive(Debug, PartialEq)]
pub struct Words {
    /// Names, sorted.
    names: Vec<String>,
    /// The text of each name.
    texts: Vec<Text>,
    /// Where the text of each [`Word`] is.
    own: Vec<usize>,
    /// The names of the months in the language of the site, if somebody gave them.
    months: Option<Vec<String>>,
    /// Whether the language of the site is written from right to left.
    right_to_left: bool,
    /// How the language of the site counts, and how English does.
    plurals: [Plurals; 2],
    /// The words that the text of a page is given.
    markdown: markdown::Words,
}

/// What a name says.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Text {
    /// Always the same.
    Plain(Sentence),
    /// By plural category; there is always [`PluralCategory::Other`].
    Counted {
        /// The forms.
        forms: Vec<(PluralCategory, Sentence)>,
        /// Whether English stands in for the language of the site.
        english: bool,
    },
}

/// A text with places.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sentence {
    /// As it is written.
    written: String,
    /// Cut at its places.
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Place(String),
}

/// How a language counts.
#[derive(Debug, PartialEq)]
struct Plurals {
    language: String,
    /// The category of each small number, which nearly all are.
    small: Vec<PluralCategory>,
}

/// At most this many numbers have their category at hand.
const SMALL: u32 = 200;

/// Declares the words that views say themselves.
macro_rules! words {
    ($($name:ident = $key:literal,)+) => {
        /// A word that views say themselves. Templates say these and more by their names.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "words/en.yaml says them")]
        pub enum Word { $($name,)+ }

        impl Word {
            /// All of them.
            const ALL: &'static [Word] = &[$(Word::$name,)+];

            /// The name in the files.
            const fn key(self) -> &'static str {
                match self { $(Word::$name => $key,)+ }
            }
        }
    };
}

words! {
    Date = "date",
    MonthAndYear = "month_and_year",
    Separator = "separator",
    Until = "until",
    DateAndTime = "date_and_time",
    UntilSentence = "until_sentence",
    Follow = "follow",
    FollowQuestion = "follow_question",
    FollowPage = "follow_page",
    FeedOfPlace = "feed_of_place",
    FeedOfPerson = "feed_of_person",
    FeedOfReplies = "feed_of_replies",
    FeedOfEntry = "feed_of_entry",
    FeedAnswer = "feed_answer",
    FeedComment = "feed_comment",
    FeedResponse = "feed_response",
    FeedUpdate = "feed_update",
    Alerts = "alerts",
    AlertHere = "alert_here",
    AndMore = "and_more",
    CanYouHelp = "can_you_help",
    DigestTitle = "digest_title",
    DigestFor = "digest_for",
    DigestDays = "digest_days",
    DigestSince = "digest_since",
    DigestToYou = "digest_to_you",
    DigestWithYou = "digest_with_you",
    DigestHelped = "digest_helped",
    DigestWorkedFor = "digest_worked_for",
    DigestAnswers = "digest_answers",
    DigestAccepted = "digest_accepted",
    DigestShipped = "digest_shipped",
    DigestYouWanted = "digest_you_wanted",
    FeedShipped = "feed_shipped",
    AgeDays = "age_days",
    AgeMonths = "age_months",
    AgeYears = "age_years",
    IdeaAnswered = "idea_answered",
    IdeaAnsweredToday = "idea_answered_today",
    IdeaWaits = "idea_waits",
    IdeaHorizonSince = "idea_horizon_since",
    IdeaAll = "idea_all",
    ShippedIdeas = "shipped_ideas",
    ShippedOf = "shipped_of",
    ShippedOfUndated = "shipped_of_undated",
    ShippedOn = "shipped_on",
    DigestFulfilled = "digest_fulfilled",
    DigestWantedBy = "digest_wanted_by",
    Question = "question",
    Questions = "questions",
    HowTo = "how_to",
    HowTos = "how_tos",
    Story = "story",
    Stories = "stories",
    Idea = "idea",
    Ideas = "ideas",
    Announcement = "announcement",
    Announcements = "announcements",
    Person = "person",
    People = "people",
    Link = "link",
    Links = "links",
    Page = "page",
    Pages = "pages",
    CountAnswers = "count_answers",
    UnitAnswers = "unit_answers",
    UnitSupporters = "unit_supporters",
    StateWorkedFor = "state_worked_for",
    Newest = "newest",
    MostHelpful = "most_helpful",
    MostWanted = "most_wanted",
    RecentlyActive = "recently_active",
    ByState = "by_state",
    AllOfThem = "all_of_them",
    CountQuestions = "count_questions",
    CountHowTos = "count_how_tos",
    CountStories = "count_stories",
    CountIdeas = "count_ideas",
    CountAnnouncements = "count_announcements",
    CountPeople = "count_people",
    CountLinks = "count_links",
    CountPages = "count_pages",
    CountConfirmations = "count_confirmations",
    CountComments = "count_comments",
    NoAnswerYet = "no_answer_yet",
    Answered = "answered",
    LinkBlog = "link_blog",
    LinkGroup = "link_group",
    LinkEvent = "link_event",
    LinkMention = "link_mention",
    RibbonDraft = "ribbon_draft",
    RibbonFuture = "ribbon_future",
    RibbonHidden = "ribbon_hidden",
    Home = "home",
    Search = "search",
    Tags = "tags",
    Products = "products",
    Guidelines = "guidelines",
    Preview = "preview",
    Removed = "removed",
    NotFound = "not_found",
    Unanswered = "unanswered",
    UnansweredQuestions = "unanswered_questions",
    Unsolved = "unsolved",
    UnsolvedQuestions = "unsolved_questions",
    HelpWanted = "help_wanted",
    HelpWantedWith = "help_wanted_with",
    AboutHelpWanted = "about_help_wanted",
    WantedAnswer = "wanted_answer",
    WantedVerdict = "wanted_verdict",
    WantedVersion = "wanted_version",
    WantedReview = "wanted_review",
    WantedExpert = "wanted_expert",
    WhyAnswer = "why_answer",
    WhyAnswerUndated = "why_answer_undated",
    WhyVerdict = "why_verdict",
    WhyVersion = "why_version",
    WhyReview = "why_review",
    WhyReviewBy = "why_review_by",
    WhyExpert = "why_expert",
    DoAnswer = "do_answer",
    DoVerdict = "do_verdict",
    DoVersion = "do_version",
    DoReview = "do_review",
    DoExpert = "do_expert",
    Decide = "decide",
    Critical = "critical",
    AboutDecide = "about_decide",
    AboutCritical = "about_critical",
    DecideLine = "decide_line",
    DecideLineCritical = "decide_line_critical",
    DecideCount = "decide_count",
    DecideUnsaid = "decide_unsaid",
    DecideSponsored = "decide_sponsored",
    DecideOwn = "decide_own",
    DecideHealth = "decide_health",
    DecideWaits = "decide_waits",
    DecideWaitsUndated = "decide_waits_undated",
    DecideAnswered = "decide_answered",
    DecideAnsweredUndated = "decide_answered_undated",
    DecideWithdrawn = "decide_withdrawn",
    CriticalIdeas = "critical_ideas",
    CriticalMentions = "critical_mentions",
    CriticalQuestions = "critical_questions",
    LinksEvents = "links_events",
    LinksPast = "links_past",
    LinksBlogs = "links_blogs",
    LinksGroups = "links_groups",
    LinksOthers = "links_others",
    LinksOpml = "links_opml",
    FeedsOf = "feeds_of",
    Headlines = "headlines",
    HeadlinesOf = "headlines_of",
    VersionOf = "version_of",
    VersionComing = "version_coming",
    RemovedWhy = "removed_why",
    Sponsored = "sponsored",
    KnowsItWell = "knows_it_well",
    CountAccepted = "count_accepted",
    CountConfirmed = "count_confirmed",
    CountItWorked = "count_it_worked",
    CountHelped = "count_helped",
    LastIn = "last_in",
    MarkFirstAnswer = "mark_first_answer",
    MarkFirstAccepted = "mark_first_accepted",
    MarkSecondTopic = "mark_second_topic",
    MarkTenConfirmed = "mark_ten_confirmed",
    MarkYearOfHelping = "mark_year_of_helping",
    MarkFoundDuplicate = "mark_found_duplicate",
    WhyFirstAnswer = "why_first_answer",
    WhyFirstAccepted = "why_first_accepted",
    WhySecondTopic = "why_second_topic",
    WhyTenConfirmed = "why_ten_confirmed",
    WhyYearOfHelping = "why_year_of_helping",
    WhyFoundDuplicate = "why_found_duplicate",
    Thanks = "thanks",
    NewSince = "new_since",
    Team = "team",
    ByRole = "by_role",
    ByInterest = "by_interest",
    Moderation = "moderation",
    ModeratedReply = "moderated_reply",
    ModeratedFile = "moderated_file",
    ModeratedHidden = "moderated_hidden",
    ModeratedDraft = "moderated_draft",
    ModeratedObsolete = "moderated_obsolete",
    ModeratedLocked = "moderated_locked",
    ModeratedPublished = "moderated_published",
    RuleNumber = "rule_number",
    RuleWords = "rule_words",
    CompanyWords = "company_words",
    Insight = "insight",
    InsightQuestions = "insight_questions",
    InsightAnswers = "insight_answers",
    InsightPeople = "insight_people",
    InsightAnswered = "insight_answered",
    InsightSolved = "insight_solved",
    InsightMedian = "insight_median",
    InsightWithin24h = "insight_within_24h",
    InsightWithin7d = "insight_within_7d",
    InsightByCustomers = "insight_by_customers",
    InsightByQuarter = "insight_by_quarter",
    InsightTimes = "insight_times",
    InsightHalf = "insight_half",
    InsightNineOfTen = "insight_nine_of_ten",
    InsightOf = "insight_of",
    InsightPercent = "insight_percent",
    InsightHours = "insight_hours",
    InsightDays = "insight_days",
    TitleOfPage = "title_of_page",
    FacetList = "facet_list",
    AboutList = "about_list",
    AboutTags = "about_tags",
    AboutPeople = "about_people",
    AboutPerson = "about_person",
    AboutThanks = "about_thanks",
    AboutGuidelines = "about_guidelines",
    AboutInsight = "about_insight",
    AboutModeration = "about_moderation",
    AboutSearch = "about_search",
    AnsweredBy = "answered_by",
    AnsweredByNobody = "answered_by_nobody",
    WorkedFor = "worked_for",
    WorkedForOn = "worked_for_on",
    WorkedForIn = "worked_for_in",
    WorkedForOnIn = "worked_for_on_in",
    Problem = "problem",
    Why = "why",
    Outcome = "outcome",
    Agreed = "agreed",
    AgreedOn = "agreed_on",
    WhatYouNeed = "what_you_need",
    Steps = "steps",
    Step = "step",
    Note = "note",
    Tip = "tip",
    Important = "important",
    Warning = "warning",
    Caution = "caution",
    AlertInfo = "alert_info",
    AlertSummary = "alert_summary",
    AlertTodo = "alert_todo",
    AlertExample = "alert_example",
    AlertSeeAlso = "alert_see_also",
    AlertHint = "alert_hint",
    AlertAttention = "alert_attention",
    AlertSuccess = "alert_success",
    AlertQuestion = "alert_question",
    AlertDanger = "alert_danger",
    AlertFailure = "alert_failure",
    AlertError = "alert_error",
    AlertBug = "alert_bug",
    AlertQuote = "alert_quote",
    AlertDetails = "alert_details",
    Table = "table",
    Footnotes = "footnotes",
    BackToReference = "back_to_reference",
    TaskDone = "task_done",
    TaskOpen = "task_open",
    Video = "video",
    DiagramText = "diagram_text",
    NewQuestion = "new_question",
    NewHowTo = "new_how_to",
    NewStory = "new_story",
    NewIdea = "new_idea",
    NewPerson = "new_person",
    NewLink = "new_link",
    WriteQuestion = "write_question",
    WriteAnswer = "write_answer",
    WriteComment = "write_comment",
    WriteIdea = "write_idea",
    WriteAnnouncement = "write_announcement",
    WritePerson = "write_person",
    WriteLink = "write_link",
    WriteTime = "write_time",
    WriteHere = "form_title",
    AboutWriting = "form_about",
    Account = "account",
    AccountAt = "account_at",
    AccountSomewhere = "account_somewhere",
    NotHelpedText = "not_helped_text",
    SearchAnswered = "search_answered",
    NameReply = "name_reply",
    NameQuestion = "name_question",
    NameHowTo = "name_how_to",
    NameStory = "name_story",
    NameIdea = "name_idea",
    NamePerson = "name_person",
    NameLink = "name_link",
    FormWhich = "form_which",
    FormProblem = "form_problem",
    FormWhy = "form_why",
    FormOutcome = "form_outcome",
    FormSentiment = "form_sentiment",
    FormCustomer = "form_customer",
    FormCustomerHint = "form_customer_hint",
    FormTime = "form_time",
    FormNeeds = "form_needs",
    FormSteps = "form_steps",
    FormTopic = "form_topic",
    FormVersion = "form_version",
    WritingQuestion = "writing_question",
    WritingAnswer = "writing_answer",
    WritingStory = "writing_story",
    WritingHowTo = "writing_how_to",
    WritingIdea = "writing_idea",
    WritingComment = "writing_comment",
    WritingConfirm = "writing_confirm",
    WritingSupport = "writing_support",
    WritingTextQuestion = "writing_text_question",
    WritingTextAnswer = "writing_text_answer",
    WritingTextComment = "writing_text_comment",
    WritingTextConfirm = "writing_text_confirm",
    WritingTextSupport = "writing_text_support",
    WritingWhich = "writing_which",
    SearchByIndustry = "search_by_industry",
    SearchByLevel = "search_by_level",
    SentimentHappy = "sentiment_happy",
    SentimentMixed = "sentiment_mixed",
    SentimentCritical = "sentiment_critical",
    IssueIntro = "issue_intro",
    IssueTitle = "issue_title",
    IssueOptions = "issue_options",
    IssueToHint = "issue_to_hint",
    IssueIdea = "issue_idea",
    IssueAboutQuestion = "issue_about_question",
    IssueAboutAnswer = "issue_about_answer",
    IssueAboutStory = "issue_about_story",
    IssueAboutHowTo = "issue_about_how_to",
    IssueAboutIdea = "issue_about_idea",
    IssueAboutConfirm = "issue_about_confirm",
    IssueAboutComment = "issue_about_comment",
    IssueAboutSupport = "issue_about_support",
    IssueSearch = "issue_search",
    IssueSearchHint = "issue_search_hint",
}

impl Words {
    /// A word without places, as it is written.
    #[must_use]
    pub fn get(&self, word: Word) -> &str {
        &self.text(word).plain().written
    }

    /// A word whose places are filled, each kept apart as by [`Words::isolated`].
    #[must_use]
    pub fn fill(&self, word: Word, places: &[(&str, &dyn Display)]) -> String {
        self.filled(self.text(word).plain(), places)
    }

    /// A word with a number.
    #[must_use]
    pub fn count(&self, word: Word, count: usize) -> String {
        self.count_with(word, count, &[])
    }

    /// A word with a number and other places.
    #[must_use]
    pub fn count_with(&self, word: Word, count: usize, places: &[(&str, &dyn Display)]) -> String {
        let mut all: Vec<(&str, &dyn Display)> = vec![("count", &count)];
        all.extend_from_slice(places);
        self.filled(self.form(self.text(word), count as u64), &all)
    }

    /// The names of the months in the language of the site, if somebody gave them.
    #[must_use]
    pub fn months(&self) -> &[String] {
        self.months.as_deref().unwrap_or_default()
    }

    /// A day in words. A language whose months nobody has named writes `2026-11-21`.
    #[must_use]
    pub fn date(&self, day: Date) -> String {
        let Some(month) = self.month_of(day) else { return day.to_string() };
        self.fill(Word::Date, &[("day", &day.day()), ("month", &month), ("year", &day.year())])
    }

    /// A month in words; else `2026-11`.
    #[must_use]
    pub fn month(&self, day: Date) -> String {
        let Some(month) = self.month_of(day) else { return day.strftime("%Y-%m").to_string() };
        self.fill(Word::MonthAndYear, &[("month", &month), ("year", &day.year())])
    }

    /// Several names in one line.
    #[must_use]
    pub fn list(&self, names: &[impl AsRef<str>]) -> String {
        let mut line = String::new();
        for (at, name) in names.iter().enumerate() {
            if at > 0 {
                line.push_str(self.get(Word::Separator));
            }
            line.push_str(&self.isolated(name.as_ref()));
        }
        line
    }

    /// A text that goes into a sentence. One that is written in the other direction, such as an Arabic name
    /// on an English page, stands between the marks that keep it from moving what is around it.
    #[must_use]
    pub fn isolated<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if direction::turns(text, self.right_to_left) {
            Cow::Owned(format!("\u{2068}{text}\u{2069}"))
        } else {
            Cow::Borrowed(text)
        }
    }

    /// What one entry of a kind is called.
    #[must_use]
    pub fn kind(&self, kind: Kind) -> &str {
        self.get(match kind {
            Kind::Question => Word::Question,
            Kind::HowTo => Word::HowTo,
            Kind::Story => Word::Story,
            Kind::Idea => Word::Idea,
            Kind::Announcement => Word::Announcement,
            Kind::Person => Word::Person,
            Kind::Link => Word::Link,
            Kind::Page => Word::Page,
        })
    }

    /// What a kind's list is called.
    #[must_use]
    pub fn kinds(&self, kind: Kind) -> &str {
        self.get(match kind {
            Kind::Question => Word::Questions,
            Kind::HowTo => Word::HowTos,
            Kind::Story => Word::Stories,
            Kind::Idea => Word::Ideas,
            Kind::Announcement => Word::Announcements,
            Kind::Person => Word::People,
            Kind::Link => Word::Links,
            Kind::Page => Word::Pages,
        })
    }

    /// The word that counts entries of a kind: `3 how-tos`.
    #[must_use]
    pub const fn counted_kind(kind: Kind) -> Word {
        match kind {
            Kind::Question => Word::CountQuestions,
            Kind::HowTo => Word::CountHowTos,
            Kind::Story => Word::CountStories,
            Kind::Idea => Word::CountIdeas,
            Kind::Announcement => Word::CountAnnouncements,
            Kind::Person => Word::CountPeople,
            Kind::Link => Word::CountLinks,
            Kind::Page => Word::CountPages,
        }
    }

    /// What a word that a field takes is called: `horizon_now` for `now` of `horizon`. A text of somebody's own stays
    /// as it is.
    #[must_use]
    pub fn value<'a>(&'a self, field: Field, value: &'a str) -> &'a str {
        let is_word = field.form().words().is_some_and(|words| words.contains(&value));
        let named = is_word.then(|| self.named(&format!("{}_{}", field.name(), value.replace('-', "_"))));
        named.flatten().unwrap_or(value)
    }

    /// What a facet is called by which lists and search are filtered: `search_by_industry` for `industry`.
    #[must_use]
    pub fn facet(&self, name: &'static str) -> &str {
        self.named(&format!("search_by_{name}")).unwrap_or(name)
    }

    /// A text by its name.
    fn named(&self, name: &str) -> Option<&str> {
        let at = self.names.binary_search_by(|known| known.as_str().cmp(name)).ok()?;
        Some(&self.texts[at].plain().written)
    }

    /// What a link leads to; a word of somebody's own stays as it is.
    #[must_use]
    pub fn link_type<'a>(&'a self, word: &'a str) -> &'a str {
        self.get(match word {
            "blog" => Word::LinkBlog,
            "group" => Word::LinkGroup,
            "event" => Word::LinkEvent,
            "mention" => Word::LinkMention,
            other => return other,
        })
    }

    /// Why a page is shown in a preview only.
    #[must_use]
    pub fn ribbon<'a>(&'a self, word: &'a str) -> &'a str {
        self.get(match word {
            "draft" => Word::RibbonDraft,
            "future" => Word::RibbonFuture,
            "hidden" => Word::RibbonHidden,
            other => return other,
        })
    }

    /// The words that the text of a page is given.
    #[must_use]
    pub fn markdown(&self) -> &markdown::Words {
        &self.markdown
    }

    /// Texts that need nothing filled in: name and text.
    pub fn plain(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names.iter().zip(&self.texts).filter_map(|(name, text)| match text {
            Text::Plain(sentence) if sentence.is_whole() => Some((name.as_str(), sentence.written.as_str())),
            _ => None,
        })
    }

    /// The texts whose names begin so, as they are written, for a script in the page that fills them itself. One that
    /// counts has its forms by plural category.
    #[must_use]
    pub fn written(&self, beginning: &str) -> BTreeMap<&str, serde_json::Value> {
        let all = self.names.iter().zip(&self.texts).filter(|(name, _)| name.starts_with(beginning));
        all.map(|(name, text)| match text {
            Text::Plain(sentence) => (name.as_str(), sentence.written.as_str().into()),
            Text::Counted { forms, .. } => {
                let forms = forms.iter().map(|(category, sentence)| {
                    (
                        format!("{category:?}").to_lowercase(),
                        serde_json::Value::from(sentence.written.as_str()),
                    )
                });
                (name.as_str(), serde_json::Value::Object(forms.collect()))
            }
        })
        .collect()
    }

    /// A text by its name as HTML, its places filled by `place`, which writes what stands there and says
    /// whether there is such a place. A text with a number takes its form from `count`.
    ///
    /// # Errors
    /// What is wrong, for anyone who writes templates: no such name, no number, a place that nobody fills.
    pub fn say(
        &self,
        name: &str,
        count: Option<u64>,
        mut place: impl FnMut(&str, &mut String) -> bool,
    ) -> Result<String, String> {
        let Ok(at) = self.names.binary_search_by(|known| known.as_str().cmp(name)) else {
            let mean = nearest(name, self.names.iter().map(String::as_str));
            let mean = mean.map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
            return Err(format!("there is no word `{name}`{mean}"));
        };
        let sentence = match (&self.texts[at], count) {
            (Text::Plain(sentence), _) => sentence,
            (text, Some(count)) => self.form(text, count),
            (_, None) => return Err(format!("the word `{name}` needs a `count`")),
        };
        let mut html = String::with_capacity(sentence.written.len() + 32);
        for piece in &sentence.pieces {
            match piece {
                Piece::Text(text) => escape(text, &mut html),
                Piece::Place(wanted) => {
                    if !place(wanted, &mut html) {
                        return Err(format!("the word `{name}` needs `{wanted}`"));
                    }
                }
            }
        }
        Ok(html)
    }

    fn text(&self, word: Word) -> &Text {
        &self.texts[self.own[word as usize]]
    }

    fn filled(&self, sentence: &Sentence, places: &[(&str, &dyn Display)]) -> String {
        let mut line = String::with_capacity(sentence.written.len() + 16);
        for piece in &sentence.pieces {
            match piece {
                Piece::Text(text) => line.push_str(text),
                Piece::Place(name) => {
                    if let Some((_, value)) = places.iter().find(|(place, _)| place == name) {
                        line.push_str(&self.isolated(&value.to_string()));
                    }
                }
            }
        }
        line
    }

    fn form<'a>(&'a self, text: &'a Text, count: u64) -> &'a Sentence {
        match text {
            Text::Plain(sentence) => sentence,
            Text::Counted { forms, english } => {
                let category = self.plurals[usize::from(*english)].category(count);
                let of = |wanted| forms.iter().find(|(category, _)| *category == wanted);
                let (_, sentence) = of(category).or_else(|| of(PluralCategory::Other)).unwrap_or(&forms[0]);
                sentence
            }
        }
    }

    fn month_of(&self, day: Date) -> Option<&str> {
        let at = usize::try_from(day.month() - 1).ok()?;
        self.months.as_ref()?.get(at).map(String::as_str)
    }
}

impl Text {
    /// The one sentence, or the form for most numbers.
    fn plain(&self) -> &Sentence {
        match self {
            Text::Plain(sentence) => sentence,
            Text::Counted { forms, .. } => {
                let other = forms.iter().find(|(category, _)| *category == PluralCategory::Other);
                &other.unwrap_or(&forms[0]).1
            }
        }
    }
}

impl Sentence {
    /// Cuts a text at its places. A brace that stands alone is text.
    fn new(written: &str) -> Sentence {
        let mut pieces = Vec::new();
        let mut rest = written;
        let mut text = String::new();
        while let Some(open) = rest.find('{') {
            let name = rest[open + 1..].split('}').next().unwrap_or_default();
            let is_place = !name.is_empty()
                && rest.len() > open + 1 + name.len()
                && name.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
            if is_place {
                text.push_str(&rest[..open]);
                if !text.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                }
                pieces.push(Piece::Place(name.to_string()));
                rest = &rest[open + name.len() + 2..];
            } else {
                text.push_str(&rest[..=open]);
                rest = &rest[open + 1..];
            }
        }
        text.push_str(rest);
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        Sentence { written: written.to_string(), pieces }
    }

    fn is_whole(&self) -> bool {
        self.places().next().is_none()
    }

    fn places(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Place(name) => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }
}

impl Plurals {
    fn new(language: &str) -> Plurals {
        let rules = rules(language);
        let of = |count: u32| rules.as_ref().map_or(PluralCategory::Other, |rules| rules.category_for(count));
        Plurals { language: language.to_string(), small: (0..SMALL).map(of).collect() }
    }

    fn category(&self, count: u64) -> PluralCategory {
        let small = usize::try_from(count).ok().and_then(|count| self.small.get(count));
        small.copied().unwrap_or_else(|| {
            rules(&self.language).map_or(PluralCategory::Other, |rules| rules.category_for(count))
        })
    }
}

/// The rules of a language; none for what is no language.
fn rules(language: &str) -> Option<PluralRules> {
    let locale: icu_locale_core::Locale = language.parse().ok()?;
    PluralRules::try_new_cardinal((&locale).into()).ok()
}

/// Writes text that may stand between tags and in attributes.
fn escape(text: &str, html: &mut String) {
    for char in text.chars() {
        match char {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#x27;"),
            char => html.push(char),
        }
    }
}

#[cfg(test)]
mod tests;
