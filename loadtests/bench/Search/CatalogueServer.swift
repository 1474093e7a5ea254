import Contracts
import Hummingbird
import Logging
import NIOPosix

/// Stands in for events and inventory: a change feed of a made-up catalogue, and stock of which half is sold.
struct CatalogueServer {
    let catalogue: SearchCatalogue
    let port: Int

    /// Serves until the task is cancelled.
    func run() async throws {
        let router = Router()
        router.get("/internal/events/changes") { [catalogue] request, _ in
            let query = request.uri.queryParameters
            let after = Int(query["after"] ?? "0") ?? 0
            let end = min(catalogue.count, after + (Int(query["limit"] ?? "100") ?? 100))
            let changes = (after..<max(after, end)).map {
                EventChanges.Change(sequence: Int64($0 + 1), event: catalogue.event($0))
            }
            return try Self.reply(EventChanges(changes: changes, latest: Int64(catalogue.count)))
        }
        router.get("/internal/availability") { request, _ in
            let ids = (request.uri.queryParameters["ids"] ?? "").split(separator: ",").map(String.init)
            return try Self.reply(Self.stock(ids))
        }
        var logger = Logger(label: "catalogue")
        logger.logLevel = .critical
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)),
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton), logger: logger)
        try await application.run()
    }

    private static func stock(_ ids: [String]) -> [EventStock] {
        ids.compactMap { id in
            SearchCatalogue.ticketTypeID(ofEvent: id).map { type in
                EventStock(
                    eventId: id, version: 1, ticketTypes: [type: TicketTypeStock(total: 1000, reserved: 0, sold: 500)])
            }
        }
    }

    private static func reply(_ value: some Encodable) throws -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: try WireJSON.encode(value)))
    }
}
