import Contracts

/// A catalogue of many events, the same for the same size: artists, venues and cities of made-up syllables, each as
/// frequent as in a real one.
struct SearchCatalogue: Sendable {
    let count: Int
    private let words: [String]

    private static let syllables = [
        "ka", "lo", "mi", "ren", "tar", "vos", "el", "an", "dru", "pe", "shi", "nor", "ba", "qui", "fal", "ost",
    ]
    private static let genres = [
        "rock", "jazz", "pop", "metal", "opera", "comedy", "theatre", "folk", "indie", "techno", "classical", "dance",
    ]
    private static let titles = ["live", "tour", "evening", "festival", "friends"]
    private static let halls = ["hall", "arena", "theatre", "club", "stadium"]
    private static let cities = 200
    private static let artists = 8_000
    private static let venues = 1_500

    init(count: Int) {
        self.count = count
        words = (0..<20_000).map { number in
            (0..<(2 + Int(Self.mix(number, 1) % 3))).map { place in
                Self.syllables[Int(Self.mix(number, 2 + place) % UInt64(Self.syllables.count))]
            }.joined()
        }
    }

    /// The event with a number from 0 to ``count`` - 1.
    func event(_ number: Int) -> EventDocument {
        let time = Timestamp(milliseconds: 1_700_000_000_000)
        let id = UUIDv7.numbered(number)
        let artist = artist(number)
        let date = SystemClock().now() + .seconds(86_400 * (1 + number % 365))
        let type = TicketTypeDocument(
            id: UUIDv7.numbered(number + Self.typeOffset), eventId: id, name: "Standard", description: nil,
            price: DecimalAmount(minorUnits: Int64(1000 + number % 20_000), decimals: 2), currency: "USD",
            stock: TicketTypeStock(total: 1000, reserved: 0, sold: 0), saleStartsAt: nil, saleEndsAt: nil,
            isActive: true, seating: .general, createdAt: time, updatedAt: time)
        return EventDocument(
            id: id, title: "\(artist) \(pick(Self.titles, number, 11))", description: description(number),
            artist: artist, venue: venue(number), venueAddress: nil, city: city(number),
            category: pick(Self.genres, number, 13), eventDate: date, endDate: nil, status: .active, isActive: true,
            ownerId: id, reserveOn: .checkout, maxPerOrder: 10, totalCapacity: 1000, availableCapacity: 1000,
            waitingRoom: false, version: 1, ticketTypes: [type], createdAt: time, updatedAt: time)
    }

    /// The id of the only ticket type of one of these events.
    static func ticketTypeID(ofEvent id: String) -> String? {
        Int(id.suffix(12), radix: 16).map { UUIDv7.numbered($0 + typeOffset) }
    }

    private static let typeOffset = 1_000_000_000

    /// What people type, from frequent words to single artists; each query once.
    func queries() -> [String] {
        var queries = Self.genres + Self.titles + Self.halls
        for number in 0..<120 {
            queries.append(artist(number * 37))
            queries.append("\(artist(number * 41)) \(city(number * 41))")
            queries.append("\(pick(Self.genres, number, 17)) \(city(number))")
            queries.append(String(artist(number * 43).prefix(7)))
        }
        var seen: Set<String> = []
        return queries.filter { seen.insert($0).inserted }
    }

    private func artist(_ number: Int) -> String {
        let artist = Int(Self.mix(number, 21) % UInt64(Self.artists))
        return "\(word(artist, 22)) \(word(artist, 23))"
    }

    private func venue(_ number: Int) -> String {
        let venue = Int(Self.mix(number, 24) % UInt64(Self.venues))
        return "\(word(venue, 25)) \(pick(Self.halls, venue, 26))"
    }

    private func city(_ number: Int) -> String { word(Int(Self.mix(number, 27) % UInt64(Self.cities)), 28) }

    private func description(_ number: Int) -> String {
        let text = (0..<20).map { word(number, 40 + $0) }.joined(separator: " ")
        return "\(text), a \(pick(Self.genres, number, 29)) night of music"
    }

    private func word(_ number: Int, _ salt: Int) -> String {
        words[Int(Self.mix(number, salt) % UInt64(words.count))]
    }

    private func pick(_ texts: [String], _ number: Int, _ salt: Int) -> String {
        texts[Int(Self.mix(number, salt) % UInt64(texts.count))]
    }

    /// A number that looks random and is always the same (the finalizer of SplitMix64).
    private static func mix(_ number: Int, _ salt: Int) -> UInt64 {
        var mixed = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(truncatingIfNeeded: salt)
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension UUIDv7 {
    /// A well-formed id that is always the same for the same number.
    fileprivate static func numbered(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return "01890000-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    }
}
