/// Which seats of an event may be free: all that are, and perhaps some that were taken since it was learned.
///
/// One bit a seat, each row from a word of its own, so that 200,000 seats take some 30 KB and a row without free seats
/// is passed over at once. That taken seats may look free is what makes it cheap to keep: nobody who takes a seat has to
/// tell. Whoever chooses from it asks the database about the rows of the choice and corrects them here.
struct FreeSeats: Sendable {
    /// A row, by its section's place in seat order and its own place in the section, both from 0.
    struct Row: Sendable, Hashable {
        let section: Int
        let index: Int
    }

    /// A section as the seats were made.
    struct Section: Sendable, Hashable {
        let name: String
        let ticketTypeID: String
        let rows: Int
        let seatsPerRow: Int
        let firstOrdinal: Int64
    }

    private static let bitsPerWord = UInt64.bitWidth

    /// In seat order.
    let sections: [Section]
    /// The version of the event's rules that the sections are from.
    let rulesVersion: Int64
    /// The version of the event's stock up to which freed seats are known.
    var stockVersion: Int64

    private let firstRows: [Int]
    private let firstWords: [Int]
    private var counts: [Int]
    private var words: [UInt64]

    /// All seats of `sections`, as long as nothing is known of them.
    init(sections: [Section], rulesVersion: Int64, stockVersion: Int64) {
        self.sections = sections.sorted { $0.firstOrdinal < $1.firstOrdinal }
        self.rulesVersion = rulesVersion
        self.stockVersion = stockVersion
        var firstRows: [Int] = []
        var firstWords: [Int] = []
        var (rows, words) = (0, 0)
        for section in self.sections {
            firstRows.append(rows)
            firstWords.append(words)
            rows += section.rows
            words += section.rows * Self.words(section)
        }
        self.firstRows = firstRows
        self.firstWords = firstWords
        counts = Array(repeating: 0, count: rows)
        self.words = Array(repeating: 0, count: words)
        for (index, section) in self.sections.enumerated() {
            for row in 0..<section.rows { freeAll(of: Row(section: index, index: row)) }
        }
    }

    /// How many seats of a row may be free.
    func count(in row: Row) -> Int { counts[firstRows[row.section] + row.index] }

    /// The ordinals of a row's seats.
    func ordinals(of row: Row) -> Range<Int64> {
        let section = sections[row.section]
        let first = section.firstOrdinal + Int64(row.index * section.seatsPerRow)
        return first..<(first + Int64(section.seatsPerRow))
    }

    /// The row of a section's name and a row's number, which is counted from 1; nil when there is none.
    func row(_ section: String, _ number: Int) -> Row? {
        guard let index = sections.firstIndex(where: { $0.name == section }),
            (1...max(1, sections[index].rows)).contains(number)
        else { return nil }
        return Row(section: index, index: number - 1)
    }

    /// Calls `body` with each run of seats side by side that may be free, by their places in the row from 0, until it
    /// returns false.
    func forEachRun(in row: Row, _ body: (Range<Int>) -> Bool) {
        let seats = sections[row.section].seatsPerRow
        var place = 0
        while place < seats {
            let start = next(free: true, from: place, in: row)
            guard start < seats else { return }
            let end = next(free: false, from: start, in: row)
            guard body(start..<end) else { return }
            place = end
        }
    }

    /// Nothing is known of a row any more: all its seats may be free.
    mutating func freeAll(of row: Row) {
        for seat in 0..<sections[row.section].seatsPerRow { setFree(seat, in: row) }
        counts[firstRows[row.section] + row.index] = sections[row.section].seatsPerRow
    }

    /// Takes over which seats of a row are free, by ordinal; whether that was news.
    mutating func set(_ row: Row, free ordinals: some Collection<Int64>) -> Bool {
        let first = self.ordinals(of: row).lowerBound
        let start = firstWord(of: row)
        let width = Self.words(sections[row.section])
        let old = Array(words[start..<(start + width)])
        for word in start..<(start + width) { words[word] = 0 }
        for ordinal in ordinals { setFree(Int(ordinal - first), in: row) }
        counts[firstRows[row.section] + row.index] = ordinals.count
        return !words[start..<(start + width)].elementsEqual(old)
    }

    /// Seats of a row, by their places from 0, are taken.
    mutating func take(_ seats: Range<Int>, in row: Row) {
        let start = firstWord(of: row)
        for seat in seats {
            let bit = UInt64(1) << UInt64(seat % Self.bitsPerWord)
            guard words[start + seat / Self.bitsPerWord] & bit != 0 else { continue }
            words[start + seat / Self.bitsPerWord] &= ~bit
            counts[firstRows[row.section] + row.index] -= 1
        }
    }

    private mutating func setFree(_ seat: Int, in row: Row) {
        words[firstWord(of: row) + seat / Self.bitsPerWord] |= UInt64(1) << UInt64(seat % Self.bitsPerWord)
    }

    /// The first place from `start` on that is free, or is not; the row's length when there is none.
    private func next(free: Bool, from start: Int, in row: Row) -> Int {
        let section = sections[row.section]
        let first = firstWord(of: row)
        let width = Self.words(section)
        var index = start / Self.bitsPerWord
        var mask = ~UInt64(0) << UInt64(start % Self.bitsPerWord)
        while index < width {
            let word = (free ? words[first + index] : ~words[first + index]) & mask
            if word != 0 { return min(index * Self.bitsPerWord + word.trailingZeroBitCount, section.seatsPerRow) }
            mask = ~0
            index += 1
        }
        return section.seatsPerRow
    }

    private func firstWord(of row: Row) -> Int {
        firstWords[row.section] + row.index * Self.words(sections[row.section])
    }

    private static func words(_ section: Section) -> Int {
        (section.seatsPerRow + bitsPerWord - 1) / bitsPerWord
    }
}
