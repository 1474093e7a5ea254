import Contracts

/// A city where something takes place, with its money.
struct City: Sendable {
    let name: String
    let country: String
    let language: MusicLanguage
    let currency: Currency
    /// What one unit of a price in dollars or euros is about, in units of this city's money.
    let unitsPerDollar: Int

    /// Nil for a currency that is not sold in.
    private init?(_ name: String, _ country: String, _ language: MusicLanguage, _ code: String, _ unitsPerDollar: Int) {
        guard let currency = Currency(code: code) else { return nil }
        self.name = name
        self.country = country
        self.language = language
        self.currency = currency
        self.unitsPerDollar = unitsPerDollar
    }

    /// The largest first.
    static let all: [City] = groups.flatMap { group in
        group.names.split(separator: ",").compactMap { name in
            City(
                String(name.drop { $0 == " " }), group.country, group.language, group.currency, group.unitsPerDollar)
        }
    }

    private struct Group {
        let country: String
        let language: MusicLanguage
        let currency: String
        let unitsPerDollar: Int
        let names: String

        init(_ country: String, _ language: MusicLanguage, _ currency: String, _ unitsPerDollar: Int, _ names: String) {
            self.country = country
            self.language = language
            self.currency = currency
            self.unitsPerDollar = unitsPerDollar
            self.names = names
        }
    }

    private static let groups = [
        Group("United Kingdom", .english, "GBP", 1, "London, Manchester, Glasgow, Bristol, Leeds, Cardiff, Belfast"),
        Group("Germany", .german, "EUR", 1, "Berlin, Hamburg, München, Köln, Düsseldorf, Leipzig, Nürnberg, Tübingen"),
        Group("France", .french, "EUR", 1, "Paris, Lyon, Marseille, Nîmes, Orléans, Saint-Étienne, Besançon"),
        Group("United States", .english, "USD", 1, "New York, Los Angeles, Chicago, Austin, Seattle, Nashville"),
        Group("Spain", .spanish, "EUR", 1, "Madrid, Barcelona, Málaga, Sevilla, Cádiz, A Coruña, Logroño"),
        Group("Italy", .italian, "EUR", 1, "Milano, Roma, Napoli, Bologna, Torino, Verona, Forlì"),
        Group("Poland", .polish, "PLN", 4, "Warszawa, Kraków, Łódź, Gdańsk, Wrocław, Poznań"),
        Group("Austria", .german, "EUR", 1, "Wien, Graz, Linz, Salzburg"),
        Group("Switzerland", .german, "CHF", 1, "Zürich, Basel, Bern"),
        Group("Portugal", .portuguese, "EUR", 1, "Lisboa, Porto, Coimbra, Évora"),
        Group("Sweden", .nordic, "SEK", 10, "Stockholm, Göteborg, Malmö, Umeå"),
        Group("Denmark", .nordic, "DKK", 7, "København, Aarhus, Ærøskøbing"),
        Group("Norway", .nordic, "NOK", 10, "Oslo, Bergen, Tromsø"),
        Group("Iceland", .nordic, "ISK", 140, "Reykjavík, Ísafjörður"),
        Group("Czechia", .czech, "CZK", 23, "Praha, Brno, Olomouc, Plzeň, České Budějovice"),
        Group("Ireland", .english, "EUR", 1, "Dublin, Cork, Galway, Dún Laoghaire"),
        Group("Brazil", .portuguese, "BRL", 5, "São Paulo, Rio de Janeiro, Brasília, Belém"),
        Group("Mexico", .spanish, "MXN", 18, "Ciudad de México, Guadalajara, Mérida, Querétaro"),
        Group("Japan", .english, "JPY", 150, "Tokyo, Osaka, Kyoto"),
    ]
}
