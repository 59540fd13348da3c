//! A small site with something of everything, to begin from.

use std::fmt::Write as _;

use crate::fixture::{Folder, folder};

/// A picture of one pixel.
pub(super) const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0,
    0, 1, 8, 6, 0, 0, 0, 0x1F, 0x15, 0xC4, 0x89, 0, 0, 0, 0x0A, b'I', b'D', b'A', b'T', 0x78, 0x9C, 0x63, 0,
    1, 0, 0, 5, 0, 1, 0x0D, 0x0A, 0x2D, 0xB4, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xAE, 0x42, 0x60, 0x82,
];

/// A drawing of some size, and with something in it that is not let through.
pub(super) fn svg(size: usize) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size}\" height=\"{size}\"><script>x</script>\
         <circle r=\"{size}\"/></svg>"
    )
}

const FILES: &str = "\
=== GUIDELINES.md
# Rules of the house
1. Be kind.
2. See [reset](content/questions/reset.md#steps) and [the app](content/how-tos/backup.md).
=== search-tests.yaml
- {query: reset password, page: /questions/reset/}
=== data/reactions.yaml
questions/reset: 4
questions/reset#answer-ben: 2
questions/reset#answer-ana: 7
ideas/dark-mode: 3
=== data/moderation.yaml
questions/spam.md: {status: hidden, reason: Advertising., by: greta}
questions/reset/eve.md: {status: hidden, reason: Rude., by: greta}
=== data/feeds/club.yaml
feed: https://planet.example/feed.xml
changed: 2026-03-01
items: [{date: 2026-02-27, title: Clay and ice, url: https://planet.example/ice}]
=== static/robots-note.txt
Hello.
=== static/tags/index.html
<p>Our own page of tags.</p>
=== content/README.md
# Welcome home
This is [the first question](questions/reset.md).
=== content/questions/_index.md
# All questions
Ask [here](how-tos/backup.md).
=== content/questions/reset.md
---
tags: [password, account]
product: kiln
versions: [4.1, 4.2]
authors: ana
date: 2026-01-10
accepted: ben
also_asked: [I lost my password]
aliases: [/old/reset/]
---
# How do I reset my password?
I forgot it. ![button](button.png) ![plan](plan.svg)
## Steps
See [backup](../how-tos/backup.md#restore) and [Ben's answer](reset/ben.md), and [notes](notes.txt).
=== content/questions/reset/ben.md
---
date: 2026-01-11
---
Press the button for ten seconds. See [billing](../billing/invoice.md#where).
## Afterwards
Turn it on.
=== content/questions/reset/ana.md
I found it out myself: [this](../unanswered.md).
=== content/questions/reset/ana--2.md
Another way.
=== content/questions/reset/cem.md
---
confirms: ben
version: \"4.2\"
date: 2026-02-01
---
=== content/questions/reset/dan.md
---
comment: true
on: ben
---
Thank you! And [who](../../people/ben.md)?
=== content/questions/reset/eve.md
Buy my things.
=== content/questions/reset/jun.md
---
response: true
---
The next version will do it by itself.
=== content/questions/spam.md
# Cheap things?
=== content/questions/unanswered.md
---
tags: [account]
date: 2026-03-01
---
# Why is it blue?
Nobody knows. [gone](nowhere.md) [slip](reset.md#stpes)
=== content/questions/self.md
---
accepted: self
authors: [ben, Dora Lang]
date: 2026-02-03
tags: enamel
---
# What is enamel?
A word.
## Answer
It is glaze. [See](reset.md).
=== content/questions/twice.md
---
duplicate_of: reset
authors: eve
---
# Password gone?
I ask again. [self](self.md)
=== content/questions/twice/gus.md
Look at [the other one](../reset.md).
=== content/questions/draft.md
---
status: draft
tags: [secret-plan]
---
# A draft?
[a](reset.md)
=== content/questions/old.md
---
status: obsolete
reason: Replaced.
date: 2020-01-01
---
# How was it before?
=== content/questions/locked.md
---
status: locked
reason: Settled.
---
# Which is better?
=== content/questions/taken.md
---
status: hidden
reason: Private data.
---
# Who lives there?
[a](reset.md)
=== content/questions/future.md
---
date: 2999-01-01
tags: [account]
---
# What will be?
=== content/questions/billing/_index.md
# Billing and money
About invoices. ![x](../button.png)
=== content/questions/billing/invoice.md
---
authors: cem
date: 2026-04-04
---
# Where is my invoice?
## Where
In the drawer.
=== content/questions/billing/refund/index.md
---
date: 2026-04-05
---
# How do I get a refund?
![receipt](receipt.png)
=== content/questions/billing/refund/ben.md
Ask [Jun](../../../people/jun.md).
=== content/questions/deutsch.md
---
lang: de
tags: [glasur]
date: 2026-05-05
---
# Wie glasiere ich?
Mit Farbe.
## Antwort
Mit dem Pinsel.
=== content/questions/same.md
# The same?
=== content/questions/billing/same.md
# The same again?
=== content/questions/broken.md
---
title: [open
---
# Broken
=== content/questions/ambiguous.md
# Is it a topic?
=== content/questions/ambiguous/one.md
# One?
=== content/questions/ambiguous/two.md
# Two?
=== content/questions/lost/ana.md
---
confirms: ben
---
=== content/how-tos/backup.md
---
tags: [backup]
time: 10m
level: easy
product: app
date: 2026-02-02
---
# Back up the kiln
Do it often.
## What you need
- A stick
## Steps
1. Copy.
## Restore
Copy back. [Reset](../questions/reset.md#steps) [dark](../ideas/dark-mode.md)
=== content/how-tos/backup/dan.md
---
confirms: true
version: 4.2
---
=== content/how-tos/backup/gus.md
Works, but slowly.
=== content/how-tos/glaze.md
---
tags: [glaze]
authors: ana
updated: 2026-06-01
date: 2026-01-05
---
# Glaze a pot
Slowly. [files](sheet.csv)
=== content/stories/acme.md
---
customer: Acme
consent: yes, Ana, 2026-01-01
industry: pottery
use_case: teaching
product: kiln
date: 2026-03-03
type: story
---
# Acme saved a week
## Problem
No time. See [reset](../questions/reset.md).
## Why
It was near.
## Outcome
A week.
=== content/stories/acme/jun.md
Thank you!
=== content/stories/beta.md
---
customer: Beta
consent: yes, Ben, 2026-01-02
industry: pottery
tags: [glaze]
date: 2026-03-05
---
# Beta fires twice
Well.
=== content/stories/angry.md
---
sentiment: critical
product: kiln
versions: [4.2]
authors: cem
industry: pottery
date: 2026-03-06
---
# Angry
## Why
It was near, and it was [cheap](../ideas/sound.md).
## Outcome
A crack.
=== content/stories/angry/jun.md
---
response: true
---
We know: [the sound](../../ideas/sound.md).
=== content/links/paper.md
---
url: https://paper.example/
feed: https://other.example/
run_by: ben
type: mention
---
# In the paper
=== content/stories/no-consent.md
---
customer: Gamma
---
# Gamma said nothing
=== content/ideas/dark-mode.md
---
state: shipped
fulfilled_by: ../how-tos/glaze.md
supporters: [ben, cem]
date: 2026-01-20
---
# A dark mode
Please.
=== content/ideas/dark-mode/eve.md
---
supports: true
---
Me too.
=== content/ideas/sound.md
---
state: planned
horizon: next
response: We will.
---
# A sound when it is done
=== content/ideas/sound/marisol.md
---
response: true
---
In spring.
=== content/ideas/unproven.md
---
state: shipped
---
# Nobody knows what did it
=== content/announcements/outage.md
---
severity: urgent
expires: 2026-12-31
starts: 2026-07-01
places: [north]
date: 2026-07-01
---
# The cloud is down
Wait.
=== content/announcements/news.md
---
date: 2026-07-02
---
# A new version
Read [how](../how-tos/backup.md).
=== content/people/ana.md
---
name: Ana Silva
company: Acme
expert_in: [glaze, kiln]
gifts: [drawing]
role: partner
interests: [clay, Raku]
place: Lisbon
---
I like [clay](../questions/self.md).
=== content/people/ben.md
---
name: Ben
listed: true
interests: [raku]
---
=== content/people/eve.md
---
name: Eve
listed: false
---
=== content/people/jun.md
---
name: Jun Park
role: staff
---
=== content/links/club.md
---
url: https://club.example/
feed: https://planet.example/feed.xml
run_by: [ana, nobody]
type: group
place: Rome
when: Mondays
---
# The clay club
=== content/links/none.md
# Leads nowhere
=== content/pages/about.md
---
menu: About
weight: 2
---
# About us
[Home](/) [tags](/tags/glaze/) [industry](/stories/industry/pottery/) [critical](/stories/sentiment/critical/)
[second](/questions/page/2/) [open](/questions/unanswered/page/2/) [place](/feed/place/north.xml)
[planned](/ideas/state/planned/) [shipped](/ideas/shipped/) [version](/how-tos/version/4.2/) [wanted](/help-wanted/glaze/)
=== content/handbook/index.md
# The handbook
=== content/handbook/first/steps.md
# First steps
[Up](../index.md)
=== content/handbook/first/more.md
No heading here. [Steps](steps.md)
=== content/_faq/price.md
# What does it cost?
Nothing. [Refund](../questions/billing/refund/index.md)
=== content/questions/notes.txt
Plain notes about firing.
=== content/questions/entry.txt
Title of a text

It is an entry as long as nothing refers to it.
=== content/how-tos/sheet.csv
a,b
1,2
=== themes/mine/templates/part/own.html
<p>Part of our own: {{ page.title }}</p>
=== themes/mine/static/extra.txt
Extra.
";

/// Writes the site.
pub(super) fn write() -> Folder {
    let mut files = FILES.to_string();
    for n in 0..14 {
        let _ = write!(
            files,
            "=== content/questions/more-{n}.md\n---\ntags: [{}, account]\nauthors: p{}\ndate: 2026-05-{:02}\n---\n\
             # Question {n} about the kiln?\nText {n}. [next](more-{}.md)\n",
            ["glaze", "password", "firing"][n % 3],
            n % 5,
            n + 1,
            n + 1
        );
    }
    let folder = folder(&files);
    folder.write("content/questions/button.png", PNG);
    folder.write("content/questions/billing/refund/receipt.png", PNG);
    folder.write("content/questions/plan.svg", svg(20));
    folder
}
