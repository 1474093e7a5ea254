import Contracts
import DatabaseKit
import Foundation
import Logging
import Synchronization
import TestSupport

@testable import search

/// A small catalogue with the difficulties of a large one: accents, shared words, near-namesakes.
enum Catalogue {
    static let now = Timestamp(milliseconds: 1_767_225_600_000)

    /// One event a line: id, title, artist, venue, city, category, days from now, price in dollars, description.
    private static let table = """
        coldplay | Music of the Spheres | Coldplay | Wembley Stadium | London | Rock | 40 | 95 | The world tour comes home
        metallica | M72 World Tour | Metallica | Stade de France | Paris | Metal | 30 | 110 | No repeat weekend
        tribute | A Night of Metallica Songs | Damage Inc | The Fleece | Bristol | Metal | 10 | 15 | Tribute to the heroes of thrash
        beyonce | Renaissance | Beyoncé | Stade de France | Paris | Pop | 50 | 150 | House, disco and soul
        motorhead | Ace of Spades Forever | Motörhead | Paradiso | Amsterdam | Metal | 20 | 35 | Celebrating Lemmy
        sigur | Ágætis byrjun | Sigur Rós | Harpa | Reykjavík | Post-Rock | 60 | 70 | Með strengjasveit
        bjork | Cornucopia | Björk | Harpa | Reykjavík | Electronic | 61 | 90 | Digital theatre
        jazz | Blue Note Jazz Night | Various Artists | Ronnie Scott's | London | Jazz | 5 | 25 | Standards until late
        jazzfest | Montreux Jazz Festival | Various Artists | Stravinski Auditorium | Montreux | Jazz | 90 | 60 | Two weeks on the lake
        comedy | Laughing at Jazz Hands | Milton Jones | Soho Theatre | London | Comedy | 6 | 20 | Puns about saxophones
        opera | La Traviata | Giuseppe Verdi | Teatro alla Scala | Milano | Opera | 15 | 120 | Opera in three acts
        carmen | Carmen | Georges Bizet | Opéra Bastille | Paris | Opera | 16 | 80 | Sung in French with surtitles
        philharmonic | New Year's Concert | Wiener Philharmoniker | Musikverein | Wien | Classical | 70 | 300 | Waltzes by Strauss
        queen | The Rhapsody Tour | Queen + Adam Lambert | Wembley Stadium | London | Rock | 41 | 99 | All the hits
        acdc | Power Up | AC/DC | Wembley Stadium | London | Rock | 45 | 120 | Loud
        cheap | Open Mic | Anyone | The Fleece | Bristol | Folk | 3 | 0 | Bring a guitar
        """

    static let events = table.split(separator: "\n").map { line in
        let fields = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        return document(
            fields[0], title: fields[1], artist: fields[2], venue: fields[3], city: fields[4], category: fields[5],
            days: Int(fields[6]) ?? 0, dollars: Int64(fields[7]) ?? 0, description: fields[8])
    }

    static func document(
        _ id: String, title: String, artist: String? = nil, venue: String = "Hall", city: String? = nil,
        category: String? = nil, days: Int = 30, dollars: Int64 = 10, description: String? = nil,
        status: EventStatus = .active, version: Int64 = 1, available: Int = 10
    ) -> EventDocument {
        let date = now + .seconds(days * 86_400)
        let type = TicketTypeDocument(
            id: "\(id)-type", eventId: id, name: "Standard", description: nil,
            price: DecimalAmount(minorUnits: dollars * 100, decimals: 2), currency: "USD",
            stock: TicketTypeStock(total: 10, reserved: 0, sold: 10 - available), saleStartsAt: nil, saleEndsAt: nil,
            isActive: true, seating: .general, createdAt: now, updatedAt: now)
        return EventDocument(
            id: id, title: title, description: description, artist: artist, venue: venue, venueAddress: nil,
            city: city, category: category, eventDate: date, endDate: nil, status: status, isActive: status == .active,
            ownerId: "o", reserveOn: .checkout, maxPerOrder: 10, totalCapacity: 10, availableCapacity: available,
            waitingRoom: false, version: version, ticketTypes: [type], createdAt: now, updatedAt: now)
    }
}

/// An events service in memory: its documents, and a feed of their latest changes.
final class FakeFeed: EventFeed {
    private struct State {
        var documents: [String: EventDocument] = [:]
        var sequences: [String: Int64] = [:]
        var latest: Int64 = 0
        var isDown = false
        var batches: [Int] = []
    }

    private let state = Mutex(State())

    init(_ documents: [EventDocument] = []) {
        for document in documents { put(document) }
    }

    /// How many ids each call asked for.
    var batches: [Int] { state.withLock { $0.batches } }

    func put(_ document: EventDocument) {
        state.withLock { state in
            state.latest += 1
            state.documents[document.id] = document
            state.sequences[document.id] = state.latest
        }
    }

    /// Changes a document without telling followers, as sales do.
    func replaceSilently(_ document: EventDocument) { state.withLock { $0.documents[document.id] = document } }

    func goDown(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }

    /// Begins anew, as after the loss of a disk.
    func reset() {
        state.withLock { state in
            state.documents = [:]
            state.sequences = [:]
            state.latest = 0
        }
    }

    func changes(after sequence: Int64, limit: Int, in context: CallContext) async throws(ServiceCallError)
        -> EventChanges
    {
        let changes: EventChanges? = state.withLock { state in
            guard !state.isDown else { return nil }
            let newer = state.sequences.filter { $0.value > sequence }.sorted { $0.value < $1.value }.prefix(limit)
            return EventChanges(
                changes: newer.compactMap { id, sequence in
                    state.documents[id].map { EventChanges.Change(sequence: sequence, event: $0) }
                },
                latest: state.latest)
        }
        guard let changes else { throw Self.unreachable }
        return changes
    }

    func events(withIDs ids: [String], in context: CallContext) async throws(ServiceCallError) -> [EventDocument] {
        let documents: [EventDocument]? = state.withLock { state in
            guard !state.isDown else { return nil }
            state.batches.append(ids.count)
            return ids.compactMap { state.documents[$0] }
        }
        guard let documents else { throw Self.unreachable }
        return documents
    }

    private static let unreachable = ServiceCallError.unreachable(
        service: .events, outcomeUnknown: false, reason: "refused")
}

/// The search service's inside on a database of its own.
struct SearchFixture {
    let directory: TemporaryDirectory
    let database: SQLiteDatabase
    let clock = ManualClock(Catalogue.now)
    let feed: FakeFeed

    static let logger = {
        var logger = Logger(label: "search")
        logger.logLevel = .critical
        return logger
    }()

    init(_ documents: [EventDocument]) async throws {
        directory = try TemporaryDirectory("search")
        database = try SQLiteDatabase(path: directory.file("search.sqlite"))
        try await database.migrate(SearchMigrations.all)
        feed = FakeFeed(documents)
    }

    /// Does `work` with everything indexed, and closes the fixture afterwards.
    static func with(
        _ documents: [EventDocument] = Catalogue.events, _ work: (SearchFixture) async throws -> Void
    ) async throws {
        let fixture = try await SearchFixture(documents)
        do {
            try await fixture.follow()
            try await work(fixture)
            await fixture.database.close()
        } catch {
            await fixture.database.close()
            throw error
        }
    }

    var context: CallContext { .background(within: .seconds(10)) }
    var index: FTS5SearchIndex { FTS5SearchIndex(database: database) }
    var follower: FollowEvents { FollowEvents(index: index, feed: feed, logger: Self.logger) }

    var searchEvents: SearchEvents {
        SearchEvents(index: index, events: feed, clock: clock, logger: Self.logger)
    }

    /// Brings the index up to date.
    func follow() async throws {
        let follower = follower
        while try await follower.pass() {}
    }

    func ids(_ text: String, _ filter: SearchFilter = .init(), sort: SearchSort? = nil) async throws -> [String] {
        let query = SearchQuery(text: text, filter: filter, sort: sort, limit: 100)
        return try await index.search(query, at: clock.now()).hits.map(\.eventID)
    }
}
