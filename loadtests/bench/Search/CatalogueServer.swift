import Contracts
import Hummingbird
import Logging
import NIOPosix
import Synchronization

/// Stands in for events and inventory: a change feed of a made-up catalogue, and the stock of its events and of those
/// that it is told of.
final class CatalogueServer: Sendable {
    private let catalogue: SearchCatalogue
    private let port: Int
    private let told = Mutex<[String: EventStock]>([:])

    private static let rulesBytesMax = 1 << 20

    init(catalogue: SearchCatalogue, port: Int) {
        self.catalogue = catalogue
        self.port = port
    }

    /// Serves until the task is cancelled.
    func run() async throws {
        let router = Router()
        router.get("/internal/events/changes") { [self] request, _ in
            let query = request.uri.queryParameters
            let after = Int(query["after"] ?? "0") ?? 0
            let end = min(catalogue.count, after + (Int(query["limit"] ?? "100") ?? 100))
            let changes = (after..<max(after, end)).map {
                EventChanges.Change(sequence: Int64($0 + 1), event: catalogue.event($0))
            }
            return try Self.reply(EventChanges(changes: changes, latest: Int64(catalogue.count)))
        }
        router.get("/internal/availability") { [self] request, _ in
            let query = request.uri.queryParameters
            let ids = (query["ids"] ?? "").split(separator: ",").map(String.init)
            let known = (query["known"] ?? "").split(separator: ",").map { Int64($0) ?? 0 }
            return try Self.reply(report(ids, known))
        }
        router.put("/internal/events/:id") { [self] request, _ in
            let body = try await request.body.collect(upTo: Self.rulesBytesMax)
            let rules = try WireJSON.decode(EventRules.self, from: body)
            let types = rules.ticketTypes.map {
                ($0.ticketTypeId, TicketTypeStock(total: $0.capacity, reserved: 0, sold: 0))
            }
            let stock = EventStock(
                eventId: rules.eventId, version: rules.version, ticketTypes: Dictionary(types) { first, _ in first })
            told.withLock { $0[rules.eventId] = stock }
            return try Self.reply(RulesDecision(.applied))
        }
        var logger = Logger(label: "catalogue")
        logger.logLevel = .critical
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)),
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton), logger: logger)
        try await application.run()
    }

    private func report(_ ids: [String], _ known: [Int64]) -> StockReport {
        var (changed, unchanged): ([EventStock], [String]) = ([], [])
        for (index, id) in ids.enumerated() {
            // What is never sold has version 1 for good.
            if index < known.count, known[index] > 0 {
                unchanged.append(id)
            } else if let stock = told.withLock({ $0[id] }) ?? catalogue.stock(ofEvent: id) {
                changed.append(stock)
            }
        }
        return StockReport(changed: changed, unchanged: unchanged)
    }

    private static func reply(_ value: some Encodable) throws -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: try WireJSON.encode(value)))
    }
}
