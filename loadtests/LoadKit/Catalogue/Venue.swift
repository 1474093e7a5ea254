import Contracts

/// What sort of place an event is in.
enum VenueKind: Int, Sendable, CaseIterable {
    case club
    case theatre
    case concertHall
    case arena
    case openAir
}

/// A place with its seat plan, which is the same for every event in it.
struct Venue: Sendable {
    /// Places that cost the same.
    struct Area: Sendable, Hashable {
        let name: String
        /// In hundredths of the price of the best places.
        let pricePercent: Int
        /// Without numbers; 0 where there are seats.
        let standing: Int
        let sections: [SeatSection]
    }

    let kind: VenueKind
    let name: String
    let address: String
    let city: City
    let areas: [Area]

    private static let salt: UInt64 = 2
    /// How many of a hundred places are of each kind, in the kinds' order.
    private static let shares = [48, 26, 11, 4, 11]

    /// The venue with this number: always the same for the same seed.
    init(_ number: Int, seed: UInt64) {
        var numbers = SeededNumbers(seed: seed, salt: Self.salt, number: number)
        city = City.all[numbers.popularIndex(below: City.all.count)]
        kind = Self.kind(&numbers)
        let language = city.language
        let form = numbers.pick(language.hallForms[kind] ?? ["*"])
        let namesake = numbers.happens(percent: 65) ? numbers.pick(language.hallNames) : numbers.pick(language.surnames)
        name = form.replacing("*", with: namesake)
        address = "\(numbers.pick(language.streets)) \(numbers.number(in: 1...180)), \(city.name), \(city.country)"
        areas = Self.areas(kind, &numbers)
    }

    private static func kind(_ numbers: inout SeededNumbers) -> VenueKind {
        var draw = numbers.index(below: shares.reduce(0, +))
        for (kind, share) in zip(VenueKind.allCases, shares) {
            if draw < share { return kind }
            draw -= share
        }
        return .club
    }

    private static func areas(_ kind: VenueKind, _ numbers: inout SeededNumbers) -> [Area] {
        switch kind {
        case .club: club(&numbers)
        case .theatre: theatre(&numbers)
        case .concertHall: concertHall(&numbers)
        case .arena: arena(&numbers)
        case .openAir: openAir(&numbers)
        }
    }

    private static func standing(_ name: String, _ pricePercent: Int, _ places: Int) -> Area {
        Area(name: name, pricePercent: pricePercent, standing: places, sections: [])
    }

    private static func seats(_ name: String, _ pricePercent: Int, _ sections: [SeatSection]) -> Area {
        Area(name: name, pricePercent: pricePercent, standing: 0, sections: sections)
    }

    private static func block(_ name: String, _ rows: Int, _ seatsPerRow: Int) -> SeatSection {
        SeatSection(name: name, rows: rows, seatsPerRow: seatsPerRow)
    }

    private static func club(_ numbers: inout SeededNumbers) -> [Area] {
        let floor = standing("Standing", 80, numbers.number(in: 12...90) * 10)
        guard numbers.happens(percent: 40) else { return [floor] }
        return [
            seats("Gallery", 100, [block("Gallery", numbers.number(in: 2...4), numbers.number(in: 8...20))]), floor,
        ]
    }

    private static func theatre(_ numbers: inout SeededNumbers) -> [Area] {
        let rows = numbers.number(in: 10...18)
        let aisle = numbers.number(in: 6...10)
        var areas = [
            seats(
                "Stalls", 100,
                [
                    block("Stalls Left", rows, aisle), block("Stalls Centre", rows, 14),
                    block("Stalls Right", rows, aisle),
                ]),
            seats("Dress Circle", 85, [block("Dress Circle", numbers.number(in: 4...7), 2 * aisle + 10)]),
        ]
        if numbers.happens(percent: 55) {
            areas.append(seats("Balcony", 50, [block("Balcony", numbers.number(in: 3...6), 2 * aisle + 8)]))
        }
        return areas
    }

    private static func concertHall(_ numbers: inout SeededNumbers) -> [Area] {
        let rows = numbers.number(in: 14...24)
        return [
            seats("Category A", 100, [block("Parterre", rows, numbers.number(in: 22...30))]),
            seats("Category B", 75, [block("Mezzanine Left", 6, 18), block("Mezzanine Right", 6, 18)]),
            seats("Category C", 45, [block("Balcony", numbers.number(in: 5...9), 28), block("Organ Gallery", 3, 20)]),
        ]
    }

    private static func arena(_ numbers: inout SeededNumbers) -> [Area] {
        let rows = numbers.number(in: 10...14)
        let lower = (101...numbers.number(in: 110...116)).map { block("Block \($0)", rows, 16) }
        let upper = (201...numbers.number(in: 208...212)).map { block("Block \($0)", 8, 18) }
        return [
            standing("Floor", 100, numbers.number(in: 15...60) * 100), seats("Lower tier", 90, lower),
            seats("Upper tier", 55, upper),
        ]
    }

    private static func openAir(_ numbers: inout SeededNumbers) -> [Area] {
        [
            standing("VIP terrace", 100, numbers.number(in: 5...30) * 10),
            standing("General entry", 45, numbers.number(in: 20...150) * 100),
        ]
    }
}
