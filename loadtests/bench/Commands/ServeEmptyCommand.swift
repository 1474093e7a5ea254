import ArgumentParser
import Hummingbird
import Logging
import NIOPosix

/// `bench serve-empty`: the reference that does nothing but read and write JSON, as a process of its own.
struct ServeEmptyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve-empty", abstract: "Serves one empty JSON route until it is told to stop; used by run.")

    @Option(help: "Port on 127.0.0.1.")
    var port: Int

    /// What a reservation asks for: the reference reads the same body as the real thing.
    private struct Order: Decodable {
        let eventId: String
        let seatNumbers: [String]
    }

    private struct Answer: ResponseEncodable {
        let status: String
        let quantity: Int
    }

    func run() async throws {
        let router = Router()
        router.post(RouterPath(ReservationRequests.path)) { request, context in
            let order = try await request.decode(as: Order.self, context: context)
            return Answer(status: "ok", quantity: order.seatNumbers.count)
        }
        var logger = Logger(label: "serve-empty")
        logger.logLevel = .error
        // One network thread, which is also the services' own setting.
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)),
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup(numberOfThreads: 1)), logger: logger)
        try await application.runService()
    }
}
