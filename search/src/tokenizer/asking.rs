//! Words that people ask with, whatever they ask about: "how can I *fix* the *problem*, what is the *best way*".
//!
//! Unlike stop words they are searched for, because a page may well be about a fix. But a page on which they are
//! missing answers no worse, so they hardly count when it comes to whether a page covers a question. In any form
//! that has the same stem; without accents.

const ENGLISH: &str = "able according actual add advise affect after again allow already also always another answer \
    anybody anyone anything appear ask available avoid because become before best better between bother call cause certain \
    clarify clear come common concern confirm consider correct could current deal depend describe desire detail \
    determine discuss during easy easier easiest either else encounter enough ensure etc even ever every everything \
    exact example exist expect explain fact figure find fine fix follow found from further general get give given go \
    good got guide handle happen hello help hi however idea identify include indicate inform instead instruct involve \
    issue just keep kind know known learn let like look lot made main make many matter may maybe mean mention method \
    might mind more most much must necessary need never normal not now obtain occur offer often one only option other \
    out own page part particular place please point possible prefer prevent probable probably problem proper provide purpose put \
    question quick really reason receive recommend refer regard relate relevant remember require resolve result rid \
    right said same saw say section see seem seen several should show similar simple since situation solution solve some \
    somebody somehow someone something sometimes somewhere soon specific specify start step still stuff suggest support \
    suppose sure take taken tell thank thing think thought though through tip together told topic try trouble \
    troubleshoot two understand until up upon use usual verify want way well went whenever whether while whole why \
    without wonder work would wrong yes yet";

const GERMAN: &str = "allgemein anders antwort aktuell beachten bedeuten bedeutet beheben beispiel bekommen benotigen \
    benutzen beschreiben besser beste bitte brauchen danke dazu einfach empfehlen erhalten erklaren fall falsch finden \
    frage fragen funktionieren gebe geben gefunden gehen geht gelost genau genutzt gerne gewusst gibt grund gut hallo \
    helfen hilfe immer information kennen klappen konkret leider liegen losen losung mache machen meinen moglich \
    moglichkeit mussen nehmen neu notig notwendig nutzen obwohl passieren passiert problem rat richtig sagen schnell \
    schritt sehen sehr sollen stehen stellen trotz trotzdem tun tut unterschied ursache vermeiden verhindern verstehen \
    versuchen vielleicht weise weiss weit weiter welche wichtig wirklich wissen wollen zeigen";

const FRENCH: &str = "aide aider ajouter aller arrive arriver autre besoin bien bon bonjour cas cause cela chose comment \
    comprendre connaitre conseil correct dire doit donner eviter exemple expliquer facile facon faire fait falloir faut \
    fonctionner important information maniere marche marcher meilleur merci mettre moyen necessaire obtenir permettre \
    peut plusieurs possible pourquoi pouvoir prendre probleme proposer question quelqu quelque raison recommander \
    recevoir regler reponse resoudre resultat savoir sert servir simple solution souci suffire suivre toujours trouver \
    utiliser veux voici voir vouloir vraiment";

const SPANISH: &str = "agregar alguien alguno arreglar ayuda ayudar bien bueno caso causa conocer consejo conseguir \
    correcto cosa cual cuando deber debe decir diferencia dar evitar ejemplo encontrar explicar facil forma funcionar \
    general gracias hacer hago haya hola importante informacion ir manera mejor modo motivo necesario necesitar \
    obtener ocurrir opcion pasar paso pedir permitir poder poner porque posible pregunta problema puede puedo \
    querer quiero razon realmente recibir recomendar resolver respuesta resultado saber seguir servir siempre \
    significar simple sirve solucion solucionar suceder tener tiene todavia tratar usar utilizar ver vez";

const ARABIC: &str = "اريد استخدام افضل الحل الطريقة المشكلة امكن ايجاد بعض تحتاج توجد جواب حاجة حل خطا خطوة سؤال سبب شرح \
    شكرا شيء ضروري طريقة عمل فائدة فعل فهم كيفية لماذا مثال مرحبا مساعدة مشكلة معرفة معلومات ممكن نتيجة نصيحة وجد يجب \
    يحدث يعمل يعني يمكن يوجد";

/// The words of a language, given as the first part of its tag.
pub(super) fn words(language: &str) -> &'static str {
    match language {
        "en" => ENGLISH,
        "de" => GERMAN,
        "fr" => FRENCH,
        "es" => SPANISH,
        "ar" => ARABIC,
        _ => "",
    }
}
