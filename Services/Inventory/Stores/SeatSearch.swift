import DatabaseKit
import Synchronization

/// The search for the best free seats within one transaction.
///
/// It chooses from what is remembered and asks the database only about the rows of the choice; where it remembered
/// wrongly it corrects itself and chooses again. However many seats an event has, a search reads the rows that changed
/// since the last one and no others.
final class SeatSearch: Sendable {
    private struct State {
        /// By event, as they are with the seats found here taken.
        var found: [String: FreeSeats] = [:]
        /// By event, before this transaction changed anything.
        var beforeChanges: [String: FreeSeats] = [:]
        var hasChanges = false
    }

    /// Of the rows that have enough seats side by side but would leave one alone, as many are looked at again; from
    /// there on what is remembered of them is believed.
    private static let doubtfulRowsMax = 64
    /// Where much has changed, this many rows are read at a time at most.
    private static let rowsPerReadMax = 256

    private let hints: FreeSeatHints
    private let state = Mutex(State())

    init(_ hints: FreeSeatHints) {
        self.hints = hints
    }

    /// What was found, by event, valid when the transaction is kept.
    var found: [String: FreeSeats] { state.withLock { $0.found } }

    /// What was found, by event, valid whether the transaction is kept or not.
    var foundBeforeChanges: [String: FreeSeats] { state.withLock { $0.beforeChanges } }

    /// Forgets what a transaction found that is run again.
    func restart() { state.withLock { $0 = State() } }

    /// Notes that the transaction has changed the stock: what is found from here on depends on its being kept.
    func stockChanges() { state.withLock { $0.hasChanges = true } }

    /// The best seats of `event` for `wish`, in seat order; nil when there are too few.
    ///
    /// - Throws: ``ReservationRefusal/sectionUnknown(_:)``
    func best(
        _ wish: BestAvailable.Wish, of event: SaleEvent, in session: any SQLSession
    ) throws -> [Seat]? {
        var free = try current(event, in: session)
        if let section = wish.section, !free.sections.contains(where: { $0.name == section }) {
            throw ReservationRefusal.sectionUnknown(section)
        }
        let choice = try verifiedChoice(wish, of: event.id, from: &free, in: session)
        state.withLock { state in
            if !state.hasChanges { state.beforeChanges[event.id] = free }
            for group in choice?.groups ?? [] { free.take(group.seats, in: group.row) }
            state.found[event.id] = free
        }
        guard let choice else { return nil }
        let ordinals = choice.groups.flatMap { group in
            let first = free.ordinals(of: group.row).lowerBound
            return group.seats.map { first + Int64($0) }
        }
        return try SeatTable.find(ordinals: ordinals, of: event.id, in: session)
    }

    /// What is remembered of an event, with all rows that were freed since.
    private func current(_ event: SaleEvent, in session: any SQLSession) throws -> FreeSeats {
        let known =
            state.withLock { $0.found[event.id] } ?? hints.find(event.id, rulesVersion: event.rulesVersion)
        guard var free = known else {
            let version = try FreedRowTable.freed(since: .max, of: event.id, in: session).stockVersion
            return FreeSeats(
                sections: try SectionTable.layout(of: event.id, in: session), rulesVersion: event.rulesVersion,
                stockVersion: version)
        }
        let (version, rows) = try FreedRowTable.freed(since: free.stockVersion, of: event.id, in: session)
        for (section, number) in rows {
            if let row = free.row(section, number) { free.freeAll(of: row) }
        }
        free.stockVersion = version
        return free
    }

    /// A choice all of whose rows were read in this transaction.
    private func verifiedChoice(
        _ wish: BestAvailable.Wish, of eventID: String, from free: inout FreeSeats, in session: any SQLSession
    ) throws -> BestAvailable.Choice? {
        var verified: Set<FreeSeats.Row> = []
        var rowsPerRead = 1
        while let choice = BestAvailable.choose(wish, from: free) {
            let rows = choice.passedOver.prefix(Self.doubtfulRowsMax) + choice.groups.map(\.row)
            if verified.isSuperset(of: rows) { return choice }
            for row in rows where !verified.contains(row) {
                let end = min(row.index + rowsPerRead, free.sections[row.section].rows)
                let read = (row.index..<end).map { FreeSeats.Row(section: row.section, index: $0) }
                verified.formUnion(read)
                // The first of many: what follows it is likely to have changed as well.
                if try correct(&free, read, of: eventID, in: session) {
                    rowsPerRead = min(2 * rowsPerRead, Self.rowsPerReadMax)
                }
            }
        }
        return nil
    }

    /// Reads rows of a section that follow each other; whether something of them was remembered wrongly.
    private func correct(
        _ free: inout FreeSeats, _ rows: [FreeSeats.Row], of eventID: String, in session: any SQLSession
    ) throws -> Bool {
        guard let first = rows.first, let last = rows.last else { return false }
        let range = free.ordinals(of: first).lowerBound..<free.ordinals(of: last).upperBound
        var ordinals = try SeatTable.freeOrdinals(in: range, of: eventID, in: session)[...]
        var isCorrected = false
        for row in rows {
            let end = free.ordinals(of: row).upperBound
            let own = ordinals.prefix { $0 < end }
            ordinals = ordinals.dropFirst(own.count)
            if free.set(row, free: own) { isCorrected = true }
        }
        return isCorrected
    }
}
