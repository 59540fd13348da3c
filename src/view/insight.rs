//! The public page of figures, where the configuration asks for one: what is good to know for who thinks of taking part,
//! and no person by name.
//!
//! Numbers are whole, so that they read the same in every language; the report of `longhouse insight` has them exactly.

use jiff::civil::Date;
use serde::Serialize;

use super::{Data, DateView, View};
use crate::insight::chart::{self, Frame, Series, Tick};
use crate::insight::figures::Unit;
use crate::insight::measure::{Decimal, Measure};
use crate::insight::window::Every;
use crate::insight::{Answering, Options, Report, report};
use crate::site::reader::Reader;
use crate::site::url;
use crate::words::{Word, Words};

/// The figures that are shown, in order, and what each is called.
const SHOWN: [(&str, Word); 9] = [
    ("questions", Word::InsightQuestions),
    ("answers", Word::InsightAnswers),
    ("contributors", Word::InsightPeople),
    ("answered_rate", Word::InsightAnswered),
    ("solved_rate", Word::InsightSolved),
    ("ttfa_median", Word::InsightMedian),
    ("within_24h", Word::InsightWithin24h),
    ("within_7d", Word::InsightWithin7d),
    ("first_by_customer", Word::InsightByCustomers),
];

/// Places of the scale of times, in hours.
const TIMES: [usize; 6] = [0, 1, 6, 24, 7 * 24, 30 * 24];

/// At most this many quarters are shown, the latest ones.
const QUARTERS: usize = 40;

/// The page of figures.
#[derive(Debug, Serialize)]
pub struct InsightView {
    /// The day on which it was counted.
    pub as_of: Option<DateView>,
    /// The figures.
    pub figures: Vec<FigureView>,
    /// The charts.
    pub charts: Vec<ChartView>,
}

/// A figure of the community.
#[derive(Debug, Serialize)]
pub struct FigureView {
    /// What it is.
    pub title: String,
    /// Its value with its unit.
    pub value: String,
    /// Of a percentage: how many of how many.
    pub cases: Option<String>,
}

/// A chart.
#[derive(Debug, Serialize)]
pub struct ChartView {
    /// What it shows.
    pub title: String,
    /// What each colour means, as HTML.
    pub legend: String,
    /// The chart itself, as HTML.
    pub svg: String,
}

/// The view of the page.
#[must_use]
pub fn view(site: &Reader<'_>) -> View {
    let words = site.words();
    let counted = report(site.counted(), None, &Options { by: Some(Every::Quarter), ..Options::default() });
    let view = InsightView {
        as_of: counted.today.map(|day: Date| super::date(site, day)),
        figures: SHOWN.into_iter().filter_map(|shown| figure(words, &counted, shown)).collect(),
        charts: charts(words, &counted),
    };
    let title = words.get(Word::Insight);
    let mut page = super::meta(site, url::INSIGHT_PAGE, title, "insight");
    page.description = words.fill(Word::AboutInsight, &[("site", &site.config().title)]);
    page.breadcrumbs = vec![
        super::link(site, words.get(Word::Home), url::HOME),
        super::link(site, title, url::INSIGHT_PAGE),
    ];
    View {
        address: url::INSIGHT_PAGE.into(),
        template: "insight.html",
        page,
        name: "insight",
        data: Data::Insight(view),
    }
}

/// A figure by its id, under a title.
pub(super) fn figure(words: &Words, counted: &Report, (id, title): (&str, Word)) -> Option<FigureView> {
    let (figure, measure) = counted.figures.iter().find(|(figure, _)| figure.id == id)?;
    let value = value(words, figure.unit, measure)?;
    let cases = measure.value.and(measure.count).zip(measure.of);
    let cases = cases.map(|(count, of)| words.fill(Word::InsightOf, &[("count", &count), ("all", &of)]));
    Some(FigureView { title: words.get(title).to_string(), value, cases })
}

/// How questions are answered, in a sentence; none where there are too few for one of the figures.
pub(super) fn answering(words: &Words, answering: &Answering) -> Option<String> {
    answering.median.value.and(answering.answered.value)?;
    let time = value(words, Unit::Hours, &answering.median)?;
    let share = value(words, Unit::Share, &answering.answered)?;
    Some(words.fill(Word::DecideHealth, &[("time", &time), ("share", &share)]))
}

/// A value in whole numbers, or the counts of a share that has too few cases. Times are rounded up, so that "within" is
/// true.
fn value(words: &Words, unit: Unit, measure: &Measure) -> Option<String> {
    let whole = |value: Decimal| usize::try_from(value.whole_part()).unwrap_or(0);
    let rounded_up = |value: Decimal| whole(value) + usize::from(!value.is_whole());
    Some(match (unit, measure.value) {
        (Unit::Count | Unit::People, Some(value)) => value.to_string(),
        (Unit::Share, Some(value)) => {
            let percent = value.plus(Decimal::fraction(5, 1000, 3)?).percent(Decimal::whole(10_000));
            words.fill(Word::InsightPercent, &[("number", &whole(percent))])
        }
        (Unit::Hours, Some(value)) if value >= Decimal::whole(48) => {
            let days = Decimal::fraction(value.units_of_one(), 24 * Decimal::whole(1).units_of_one(), 4)?;
            words.count(Word::InsightDays, rounded_up(days))
        }
        (Unit::Hours, Some(value)) => words.count(Word::InsightHours, rounded_up(value).max(1)),
        (Unit::Days, Some(value)) => words.count(Word::InsightDays, rounded_up(value)),
        (Unit::Share, None) => {
            let (count, of) = measure.count.zip(measure.of).filter(|(_, of)| *of > 0)?;
            words.fill(Word::InsightOf, &[("count", &count), ("all", &of)])
        }
        (_, None) => return None,
    })
}

fn charts(words: &Words, counted: &Report) -> Vec<ChartView> {
    let skipped = counted.periods.len().saturating_sub(QUARTERS);
    let periods = &counted.periods[skipped..];
    if periods.len() < 2 {
        return Vec::new();
    }
    let names: Vec<String> = periods.iter().map(|period| period.name.clone()).collect();
    let of = |id: &str| -> Vec<Option<f64>> {
        periods.iter().map(|it| it.figure(id)?.value.map(Decimal::number)).collect()
    };
    let series = |title: Word, class, values| Series { title: words.get(title), class, values };
    let chart = |title: Word, series: &[Series<'_>], ticks: Option<&[Tick]>| {
        let title = words.get(title);
        let frame = Frame { title, names: &names };
        let svg =
            ticks.map_or_else(|| chart::bars(frame, series), |ticks| chart::lines(frame, series, ticks));
        ChartView { title: title.to_string(), legend: chart::legend(series), svg }
    };
    let tick = |hours: usize| Tick {
        at: Decimal::whole(hours as u64).number(),
        text: match hours {
            0 => "0".to_string(),
            hours if hours < 24 => words.count(Word::InsightHours, hours),
            hours => words.count(Word::InsightDays, hours / 24),
        },
    };
    let asked = [
        series(Word::InsightQuestions, "a", of("questions")),
        series(Word::InsightAnswers, "b", of("answers")),
    ];
    let times = [
        series(Word::InsightHalf, "a", of("ttfa_median")),
        series(Word::InsightNineOfTen, "b", of("ttfa_p90")),
    ];
    let most = times.iter().flat_map(|it| it.values.iter().flatten().copied()).fold(0.0, f64::max);
    let mut ticks: Vec<Tick> = TIMES.into_iter().map(tick).collect();
    let needed = ticks.iter().position(|tick| tick.at >= most).map_or(ticks.len(), |at| at + 1);
    ticks.truncate(needed.max(3));
    vec![chart(Word::InsightByQuarter, &asked, None), chart(Word::InsightTimes, &times, Some(&ticks))]
}
