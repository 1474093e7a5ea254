import Contracts

/// A made-up catalogue without end: artists, halls and cities as frequent as in a real one, seat plans that look like
/// the halls they belong to, names with the accents of nine languages.
///
/// An event depends on the seed and its number alone, so a larger catalogue begins with the smaller one.
package struct EventCatalogue: Sendable {
    package let seed: UInt64

    private static let salt: UInt64 = 1
    private static let performers = 8_000
    private static let venues = 1_500
    private static let days = 3...365
    /// Hours at which events begin, UTC.
    private static let hours = [11, 15, 17, 18, 19, 19, 19, 20, 20, 21]
    private static let descriptionPercent = 90

    package init(seed: UInt64) {
        self.seed = seed
    }

    /// The event with this number, 0 or above.
    package func event(_ number: Int) -> CatalogueEvent {
        var numbers = SeededNumbers(seed: seed, salt: Self.salt, number: number)
        let venue = Venue(numbers.index(below: Self.venues), seed: seed)
        let genre = Self.genre(at: venue.kind, &numbers)
        let artist = Performer(numbers.popularIndex(below: Self.performers), seed: seed).name
        let programme = "\(numbers.pick(CatalogueWords.adjectives)) \(numbers.pick(CatalogueWords.nouns))"
        let title = numbers.pick(genre.titles).replacing("%", with: numbers.pick(CatalogueWords.works))
            .replacing("$", with: programme).replacing("#", with: venue.city.name).replacing("@", with: artist)
        let day = numbers.number(in: Self.days)
        let hour = numbers.pick(Self.hours)
        let half = numbers.index(below: 2)
        return CatalogueEvent(
            title: title, description: Self.description(artist, &numbers), artist: artist, venue: venue.name,
            venueAddress: venue.address, city: venue.city.name, category: genre.category,
            beginsAfter: .seconds(day * 86_400 + hour * 3_600 + half * 1_800),
            length: .seconds(numbers.number(in: genre.minutes) * 60),
            ticketTypes: Self.ticketTypes(venue, genre, &numbers))
    }

    private static func genre(at kind: VenueKind, _ numbers: inout SeededNumbers) -> Genre {
        let fitting = Genre.all.filter { $0.venues.contains(kind) }
        return fitting[numbers.popularIndex(below: fitting.count)]
    }

    private static func description(_ artist: String, _ numbers: inout SeededNumbers) -> String? {
        guard numbers.happens(percent: descriptionPercent) else { return nil }
        let opening = numbers.pick(CatalogueWords.openings).replacing("*", with: artist)
        let (first, second) = (numbers.pick(CatalogueWords.nouns), numbers.pick(CatalogueWords.nouns))
        let subject = "\(first)s and \(numbers.pick(CatalogueWords.adjectives)) \(second)s".lowercased()
        let (middle, closing) = (numbers.pick(CatalogueWords.middles), numbers.pick(CatalogueWords.closings))
        return "\(opening): a night of \(subject), \(middle). \(closing)"
    }

    private static func ticketTypes(
        _ venue: Venue, _ genre: Genre, _ numbers: inout SeededNumbers
    ) -> [CatalogueEvent.TicketType] {
        let best = numbers.number(in: genre.price) * venue.city.unitsPerDollar
        return venue.areas.map { area in
            CatalogueEvent.TicketType(
                name: area.name, price: price(best * area.pricePercent, in: venue.city.currency),
                capacity: area.sections.reduce(area.standing) { $0 + $1.rows * $1.seatsPerRow },
                sections: area.sections)
        }
    }

    /// An amount as it is printed on tickets: whole units, and halves where a unit has parts.
    private static func price(_ hundredths: Int, in currency: Currency) -> Money {
        guard currency.decimals > 0 else {
            return Money(minorUnits: Int64((hundredths + 99) / 100), currency: currency)
        }
        var minorUnits = Int64((hundredths + 49) / 50 * 50)
        for _ in 2..<max(2, currency.decimals) { minorUnits *= 10 }
        return Money(minorUnits: minorUnits, currency: currency)
    }
}
