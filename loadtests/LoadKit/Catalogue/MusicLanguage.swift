/// A language with the names that artists and halls have where it is spoken.
struct MusicLanguage: Sendable {
    let givenNames: [String]
    let surnames: [String]
    /// What halls are named after.
    let hallNames: [String]
    /// The names of halls by their kind, with a `*` for what they are named after.
    let hallForms: [VenueKind: [String]]
    let streets: [String]

    init(
        givenNames: String, surnames: String, hallNames: String, hallForms: [VenueKind: String], streets: String
    ) {
        func list(_ text: String) -> [String] { text.split(separator: ",").map { $0.trimmed } }
        self.givenNames = list(givenNames)
        self.surnames = list(surnames)
        self.hallNames = list(hallNames)
        self.hallForms = hallForms.mapValues(list)
        self.streets = list(streets)
    }
}

extension Substring {
    /// The text without spaces at its ends.
    fileprivate var trimmed: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}

extension MusicLanguage {
    static let all = [english, german, french, spanish, italian, portuguese, polish, nordic, czech]

    static let english = MusicLanguage(
        givenNames: "Ava, Daniel, Grace, Harry, Imogen, James, Keira, Liam, Maya, Noah, Olivia, Reece, Siân, Zoë",
        surnames: "Adeyemi, Bennett, Carter, Doyle, Ellison, Fletcher, Grant, Hughes, Khan, Marlowe, O'Neill, Shaw",
        hallNames: "Alhambra, Corn Exchange, Empire, Grand, Hippodrome, Lyceum, Majestic, Old Mill, Palace, Regent",
        hallForms: [
            .club: "The * Rooms, * Club, The * Cellar", .theatre: "* Theatre, The * Playhouse",
            .concertHall: "* Concert Hall, The * Hall", .arena: "* Arena, * Dome", .openAir: "* Park, * Gardens",
        ],
        streets: "High Street, Market Street, Station Road, Queen Street, Church Lane, Mill Road")

    static let german = MusicLanguage(
        givenNames: "Anke, Björn, Clara, Dörte, Emil, Friederike, Jörg, Käthe, Lukas, Marlene, Sören, Ulla, Wolfgang",
        surnames: "Bäcker, Fröhlich, Grünwald, Hoffmann, Jäger, Köhler, Müller, Neumann, Schäfer, Vogel, Weiß, Zöllner",
        hallNames: "Alte Oper, Beethoven, Gärtnerplatz, Gasteig, Königshof, Münster, Rosen, Sankt Georg, Schiller",
        hallForms: [
            .club: "Club *, Kulturfabrik *", .theatre: "Schauspielhaus *, Theater *",
            .concertHall: "Philharmonie *, Konzerthaus *", .arena: "*-Arena, *halle", .openAir: "Waldbühne *",
        ],
        streets: "Hauptstraße, Bahnhofstraße, Schloßallee, Am Großen Markt, Mühlenweg")

    static let french = MusicLanguage(
        givenNames: "Amélie, Benoît, Chloé, Élodie, François, Hélène, Inès, Jérôme, Léa, Mathéo, Océane, Rémi, Zélie",
        surnames: "Béranger, Chevalier, Dubois, Fournier, Gérard, Lefèvre, Leblanc, Moreau, Noël, Périer, Rousseau",
        hallNames: "Apollinaire, Bastille, Belleville, Châtelet, Étoile, Lumière, Montmartre, Odéon, République",
        hallForms: [
            .club: "Le Petit *, La Cave *", .theatre: "Théâtre *, Comédie *", .concertHall: "Salle *, Auditorium *",
            .arena: "Zénith *, Palais *", .openAir: "Parc *, Jardin *",
        ],
        streets: "rue de la Paix, avenue Foch, place du Marché, boulevard Saint-Michel, quai des Brumes")

    static let spanish = MusicLanguage(
        givenNames: "Álvaro, Begoña, Carmen, Íñigo, Joaquín, Lucía, María, Nuria, Óscar, Rocío, Sofía, Tomás, Verónica",
        surnames: "Álvarez, Domínguez, Fernández, García, Ibáñez, Jiménez, Muñoz, Núñez, Ortega, Peña, Ramírez, Yáñez",
        hallNames: "Albéniz, Alcázar, Barceló, Cervantes, Granados, Lope de Vega, Falla, Príncipe, Retiro, Zorrilla",
        hallForms: [
            .club: "Sala *, Café *", .theatre: "Teatro *, Corral *", .concertHall: "Auditorio *, Palau *",
            .arena: "Palacio *, Pabellón *", .openAir: "Parque *, Plaza *",
        ],
        streets: "Calle Mayor, Gran Vía, Paseo del Río, Calle del Peñón, Avenida de la Constitución")

    static let italian = MusicLanguage(
        givenNames: "Alessia, Bruno, Chiara, Dario, Elisa, Fabio, Giulia, Luca, Nicolò, Noè, Serena, Tommaso, Viola",
        surnames: "Amato, Bellini, Conti, D'Angelo, Esposito, Ferrari, Galli, Lombardi, Marchetti, Ricci, Serra",
        hallNames: "Argentina, Donizetti, Farnese, Garibaldi, La Fenice, Manzoni, Puccini, Rossini, San Carlo, Verdi",
        hallForms: [
            .club: "Circolo *, Officina *", .theatre: "Teatro *, Piccolo *", .concertHall: "Auditorium *, Sala *",
            .arena: "PalaSport *, Palazzo *", .openAir: "Arena *, Giardini *",
        ],
        streets: "Via Roma, Corso Garibaldi, Piazza del Duomo, Viale della Libertà, Via dei Fiori")

    static let portuguese = MusicLanguage(
        givenNames: "Afonso, Beatriz, Conceição, Duarte, Inês, João, Leonor, Luísa, Martim, Nélson, Simão, Teresa, Zé",
        surnames: "Almeida, Brandão, Conceição, Falcão, Gonçalves, Leitão, Magalhães, Mourão, Pereira, Simões, Vilaça",
        hallNames: "Aliança, Belém, Camões, Estrela, Garrett, Lusíada, Mercês, Rivoli, São João, São Luiz",
        hallForms: [
            .club: "Clube *, Casa *", .theatre: "Teatro *, Cine-Teatro *", .concertHall: "Auditório *, Coliseu *",
            .arena: "Pavilhão *, Arena *", .openAir: "Parque *, Jardim *",
        ],
        streets: "Rua Augusta, Avenida da Liberdade, Praça da Ribeira, Rua das Flores, Travessa do Sol")

    static let polish = MusicLanguage(
        givenNames: "Agnieszka, Błażej, Grażyna, Józef, Krzysztof, Łucja, Małgorzata, Paweł, Sławomir, Wojciech, Zofia",
        surnames: "Dąbrowska, Jabłoński, Kowalczyk, Lewandowska, Łukasik, Piątek, Róża, Sikorska, Śliwa, Wójcik, Żak",
        hallNames: "Bałtycka, Chopin, Kościuszko, Królewska, Łazienki, Moniuszko, Paderewski, Słowacki, Syrena, Wisła",
        hallForms: [
            .club: "Klub *, Piwnica *", .theatre: "Teatr *, Scena *", .concertHall: "Filharmonia *, Sala *",
            .arena: "Hala *, Arena *", .openAir: "Park *, Amfiteatr *",
        ],
        streets: "ulica Długa, ulica Piękna, aleja Róż, plac Wolności, ulica Świętokrzyska")

    static let nordic = MusicLanguage(
        givenNames: "Åsa, Bjørn, Eydís, Frøydis, Håkon, Ingrid, Jökull, Kåre, Märta, Núria, Sigríður, Søren, Þóra",
        surnames: "Bergström, Dahl, Eðvarðsson, Fjeld, Hallgrímsson, Höglund, Jørgensen, Lindqvist, Nygård, Sæther",
        hallNames: "Esplanad, Frelser, Gamla, Hafnar, Kungsträdgård, Mørke, Norrsken, Rådhus, Sankt Olav, Ævintýr",
        hallForms: [
            .club: "Klubb *, * Bryggeri", .theatre: "* Teater, Scenen *", .concertHall: "Konserthuset *, * Konsertsal",
            .arena: "* Arena, *hallen", .openAir: "*parken, * Slottsplass",
        ],
        streets: "Storgatan, Kirkeveien, Nørregade, Laugavegur, Söderväg, Havnegata")

    static let czech = MusicLanguage(
        givenNames: "Alžběta, Bořivoj, Čeněk, Dagmar, Jiří, Kateřina, Luboš, Mařenka, Ondřej, Řehoř, Štěpánka, Zdeněk",
        surnames: "Čapek, Dvořák, Fiala, Havlíček, Janáček, Kučera, Němcová, Procházka, Růžička, Svoboda, Šimek, Žižka",
        hallNames: "Archa, Dvořák, Karlín, Lucerna, Mánes, Národní, Rokoko, Semafor, Smetana, Vltava",
        hallForms: [
            .club: "Klub *, Kavárna *", .theatre: "Divadlo *, Komedie *", .concertHall: "Sál *, Filharmonie *",
            .arena: "Aréna *, Hala *", .openAir: "Zahrada *, Park *",
        ],
        streets: "Dlouhá, Náměstí Míru, Křižíkova, Zámecká, U Řeky")
}
