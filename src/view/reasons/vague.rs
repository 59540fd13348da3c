//! Words that are no reasons to buy, in the languages of the theme: what customers say to tell how they decided, and what
//! anybody says about anything. Stop words are known to the search already.

use std::collections::BTreeSet;

use longhouse_search::Stemmer;

/// By language: words that a reason can neither be nor begin or end with.
const EMPTY: [(&str, &str); 5] = [
    (
        "en",
        "ask asked bought buy call called came choice choose chose chosen come compare compared day decide decided decision \
         everybody everyone find first found gave get give go going got hear heard here know knew last later look \
         looked made make maker month morning need needed nobody now number one only pick picked reason said same say says see \
         saw search second seem show showed someone somebody still talk tell thing think third thought three time today \
         told took tried try two use used using want wanted way week well went whole wish woman man people person word \
         year years four five six seven eight nine ten because also even really maybe perhaps already again then \
         there since until before after every while through own much many lot little bit put let start started",
    ),
    (
        "de",
        "fragen gefragt kaufen gekauft kaufte kommen kam gekommen wählen wählte gewählt vergleichen verglichen tag \
         entscheiden entschieden entschied finden fand gefunden erste geben gab gehen ging hören hier wissen wusste letzte \
         später sehen sah hersteller machen machte gemacht monat morgen brauchen brauchte niemand jetzt nummer eins nur grund sagen \
         sagte gesagt gleiche selbe suchen suchte gesucht jemand noch sprechen ding denken dachte dritte drei zeit heute \
         erzählen versuchen versucht zwei benutzen benutzt wollen wollte weise woche gut ganz wunsch frau mann leute mensch \
         wort jahr jahre vier fünf sechs sieben acht neun zehn weil auch sogar wirklich vielleicht schon wieder dann dort \
         seit bis vor nach jeder viel viele wenig lassen gelassen immer mehr sehr",
    ),
    (
        "fr",
        "demander demandé acheter acheté achetons venir venu choisir choisi choix comparer comparé jour décider décidé \
         décision trouver trouvé premier donner donné aller entendre ici savoir dernier regarder regardé fabricant faire fait mois \
         matin besoin personne maintenant nombre seul raison dire dit même voir vu chercher cherché deuxième quelqu chose \
         penser pensé troisième trois temps aujourd raconter essayer essayé deux utiliser utilisé vouloir voulu manière \
         semaine bien tout femme homme gens mot an année ans quatre cinq six sept huit neuf dix parce aussi vraiment \
         peut-être déjà encore alors depuis avant après chaque beaucoup peu très prendre pris mettre mis",
    ),
    (
        "es",
        "preguntar preguntado preguntamos comprar comprado compramos venir elegir elegido elegimos elección comparar \
         comparado comparamos día decidir decidido decidimos decisión encontrar encontrado primero dar dado ir oír aquí \
         saber último mirar fabricante hacer hecho mes mañana necesitar nadie ahora número uno solo razón decir dijo dicho mismo ver \
         visto buscar buscado buscamos segundo alguien cosa pensar pensado tercero tres tiempo hoy contar probar probado \
         dos usar usado querer quería manera semana bien todo mujer hombre gente palabra año años cuatro cinco seis siete \
         ocho nueve diez porque también realmente quizás ya otra entonces desde antes después cada mucho poco muy tomar",
    ),
    (
        "ar",
        "سأل سألنا اشترى اشترينا اشتريت اختار اخترنا اخترت قارن قارنا قرر قررنا وجد وجدنا أول هنا قال قالوا رأى رأينا بحث \
         بحثنا شخص شيء ظن ثالث ثلاثة وقت اليوم جرب جربنا اثنان استخدم استخدمنا أراد أردنا أسبوع سنة شهر كلمة لأن أيضا حقا \
         ربما بعد قبل كل كثير قليل جدا",
    ),
];

/// By language: words that say something only together with another one.
const ALONE: [(&str, &str); 5] = [
    (
        "en",
        "answer answered bad best better big both different everything fine good great happy help helped important large \
         less like long love more most new next nice nothing old part right small sure work works wrong",
    ),
    (
        "de",
        "antworten beste besser groß verschieden alles fein gut helfen half wichtig weniger lang lieb meist neu nächste nett \
            nichts alt teil richtig klein sicher arbeiten funktioniert falsch schlecht",
    ),
    (
        "fr",
        "répondre mauvais meilleur mieux grand différent content aider important moins long aimer plus nouveau prochain bon \
            rien vieux partie juste petit sûr marcher faux",
    ),
    (
        "es",
        "responder malo mejor grande diferente contento ayudar importante menos largo más nuevo próximo bueno nada viejo \
            parte correcto pequeño seguro funcionar mal",
    ),
    ("ar", "جيد سيئ أفضل كبير مختلف سعيد ساعد مهم أقل طويل أكثر جديد قديم صغير أكيد يعمل"),
];

/// The stems of words of a language that a reason can neither be nor begin or end with.
pub(super) fn empty(stemmer: &mut Stemmer, language: &str) -> BTreeSet<String> {
    stems(stemmer, &EMPTY, language)
}

/// The stems of words of a language that are no reason by themselves.
pub(super) fn alone(stemmer: &mut Stemmer, language: &str) -> BTreeSet<String> {
    stems(stemmer, &ALONE, language)
}

fn stems(stemmer: &mut Stemmer, all: &[(&str, &str)], language: &str) -> BTreeSet<String> {
    let primary = language.split('-').next().unwrap_or(language);
    let words = all.iter().find(|(name, _)| *name == primary).map_or("", |(_, words)| words);
    stemmer.words(words).into_iter().map(|word| word.stem).collect()
}
