import Hummingbird
import Logging
import NIOCore

/// What all connections of a server share: who answers, and where the tasks run.
final class ServedApplication: Sendable {
    /// Where requests are answered; the shared pool of threads when nil.
    let executor: EventLoopExecutor?
    let logger: Logger
    let dates = DateHeader()
    private let responder: ServiceResponder

    /// Largest body that is read.
    var bodyBytesMax: Int { responder.bodyBytesMax }

    init(responder: ServiceResponder, executor: EventLoopExecutor?, logger: Logger) {
        self.responder = responder
        self.executor = executor
        self.logger = logger
    }

    /// The reply to `request`; nil when it is to be lost.
    func reply(to request: Request, on channel: any Channel) async -> Response? {
        let context = ServiceContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
        do {
            return try await responder.respond(to: request, context: context)
        } catch {
            // The responder makes an answer of every other error.
            return nil
        }
    }
}
