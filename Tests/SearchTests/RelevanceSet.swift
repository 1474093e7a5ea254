import Contracts

@testable import search

/// A catalogue and what people type to find something in it: the yardstick for every engine's ranking.
enum RelevanceSet {
    /// The small catalogue among several hundred events that share its words.
    static let events = Catalogue.events + headliners + fillers

    private static let headliners = [
        Catalogue.document(
            "taylor", title: "The Eras Tour", artist: "Taylor Swift", venue: "Camp Nou", city: "Barcelona",
            category: "Pop", days: 80, dollars: 180, description: "Three hours through all albums"),
        Catalogue.document(
            "rosalia", title: "Motomami", artist: "Rosalía", venue: "Palau Sant Jordi", city: "Barcelona",
            category: "Pop", days: 81, dollars: 70, description: "Flamenco meets reggaeton"),
        Catalogue.document(
            "rammstein", title: "Europa Stadion Tour", artist: "Rammstein", venue: "Olympiastadion", city: "München",
            category: "Metal", days: 82, dollars: 120, description: "Fire and steel"),
        Catalogue.document(
            "kraftwerk", title: "3-D Der Katalog", artist: "Kraftwerk", venue: "Tempodrom", city: "Berlin",
            category: "Electronic", days: 83, dollars: 85, description: "Autobahn and the man machine"),
        Catalogue.document(
            "lodz", title: "Light Move Festival", artist: "Various Artists", venue: "Plac Wolności", city: "Łódź",
            category: "Festival", days: 84, dollars: 5, description: "Projections on old factories"),
        Catalogue.document(
            "hamlet", title: "Hamlet", artist: "Royal Shakespeare Company", venue: "Globe Theatre", city: "London",
            category: "Theatre", days: 85, dollars: 45, description: "Tragedy in five acts"),
        Catalogue.document(
            "swanlake", title: "Swan Lake", artist: "Bolshoi Ballet", venue: "Royal Opera House", city: "London",
            category: "Ballet", days: 86, dollars: 95, description: "Tchaikovsky's most beloved score"),
        Catalogue.document(
            "nutcracker", title: "The Nutcracker", artist: "English National Ballet", venue: "London Coliseum",
            city: "London", category: "Ballet", days: 87, dollars: 65, description: "Tchaikovsky at Christmas"),
        Catalogue.document(
            "buena", title: "Adiós Tour", artist: "Buena Vista Social Club", venue: "L'Olympia", city: "Paris",
            category: "Latin", days: 88, dollars: 60, description: "Son cubano, one last time"),
        Catalogue.document(
            "primavera", title: "Primavera Sound", artist: "Various Artists", venue: "Parc del Fòrum",
            city: "Barcelona", category: "Festival", days: 89, dollars: 210, description: "Three days by the sea"),
    ]

    /// Words of the headliners in other company, in a fixed order.
    private static let fillers: [EventDocument] = {
        let acts = ["Blue Harbour", "The Night Walkers", "Silver Pines", "Echo Park", "Maria Lund", "Iron Garden"]
        let shows = ["Live", "World Tour", "Acoustic Night", "Summer Concert", "Festival", "In Concert"]
        let places = [("Arena", "London"), ("Stadium", "Paris"), ("Opera House", "Berlin"), ("Club", "Barcelona")]
        return (0..<360).map { number in
            let place = places[number % places.count]
            return Catalogue.document(
                "filler\(number)", title: "\(acts[number % acts.count]) \(shows[number / acts.count % shows.count])",
                artist: acts[number % acts.count], venue: "\(place.1) \(place.0)", city: place.1,
                category: ["Rock", "Pop", "Jazz"][number % 3], days: 100 + number, dollars: Int64(number % 90) + 10,
                description: "An evening of music with \(acts[(number + 1) % acts.count])")
        }
    }()

    /// What is typed, and the event that must come first.
    static let queries: [(text: String, best: String)] = asWritten + unfinished + mistyped + combined

    private static let asWritten = [
        ("coldplay", "coldplay"), ("COLDPLAY", "coldplay"), ("spheres music", "coldplay"), ("beyonce", "beyonce"),
        ("Beyoncé", "beyonce"), ("motorhead", "motorhead"), ("MÖTÖRHEAD", "motorhead"), ("bjork", "bjork"),
        ("sigur ros", "sigur"), ("agaetis", "sigur"), ("ágætis byrjun", "sigur"), ("opera bastille", "carmen"),
        ("ac/dc", "acdc"), ("ronnie scott's", "jazz"), ("new year's concert", "philharmonic"),
        ("lemmy", "motorhead"), ("rosalia", "rosalia"), ("lodz", "lodz"), ("Łódź", "lodz"), ("munchen", "rammstein"),
        ("swan lake", "swanlake"), ("eras tour", "taylor"), ("hamlet", "hamlet"), ("adios", "buena"),
        ("nutcracker", "nutcracker"), ("metallica", "metallica"), ("primavera sound", "primavera"),
    ]

    private static let unfinished = [
        ("metalli", "metallica"), ("wiener phil", "philharmonic"), ("music of the sph", "coldplay"),
        ("beyo", "beyonce"), ("taylor sw", "taylor"), ("rammst", "rammstein"), ("shakesp", "hamlet"),
        ("buena vis", "buena"), ("kraft", "kraftwerk"), ("nutcr", "nutcracker"), ("tchaikovsky swan", "swanlake"),
        ("montreux ja", "jazzfest"), ("rhaps", "queen"),
    ]

    private static let mistyped = [
        ("coldpaly", "coldplay"), ("coldpley", "coldplay"), ("beyonse", "beyonce"), ("metalica", "metallica"),
        ("mettalica", "metallica"), ("philharmonicer", "philharmonic"), ("traviatta", "opera"),
        ("cornukopia", "bjork"), ("renaisance", "beyonce"), ("wembly stadum adam", "queen"),
        ("montreux jaz", "jazzfest"), ("carmne", "carmen"), ("ramstein", "rammstein"), ("kraftwrek", "kraftwerk"),
        ("shakespear", "hamlet"), ("nutcraker", "nutcracker"), ("tailor swift", "taylor"), ("rosaila", "rosalia"),
        ("olympiastadoin", "rammstein"), ("primavara sound", "primavera"), ("swan laek", "swanlake"),
        ("bjrok", "bjork"),
    ]

    private static let combined = [
        ("metallica paris", "metallica"), ("coldplay london", "coldplay"), ("reykjavik björk", "bjork"),
        ("taylor swift barcelona", "taylor"), ("barcelona festival", "primavera"), ("jazz montreux", "jazzfest"),
        ("ballet london swan", "swanlake"), ("queen wembley", "queen"), ("beyonce stade de france", "beyonce"),
        ("kraftwerk berlin", "kraftwerk"), ("rammstein münchen", "rammstein"), ("metallica bristol", "tribute"),
        ("theatre globe", "hamlet"), ("rock london wembley adam", "queen"), ("metalica pariss", "metallica"),
        ("opera milano scala", "opera"),
    ]
}
