import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
package import NIOCore
import NIOHTTPTypes
import ServiceLifecycle
import Synchronization

/// Serves a responder over HTTP/1.1 until it is told to stop, then lets requests in progress finish.
///
/// Stands in for Hummingbird's `Application`, which copies a logger with metadata for every request.
package struct HTTPServer: Service {
    /// Open connections; more wait in the kernel's backlog.
    package static let connectionsMax = 8192
    /// How long a connection may be idle: longer than clients keep theirs, so that they close first.
    package static let idleTimeout: TimeAmount = .seconds(90)

    private let responder: ServiceResponder
    private let host: String
    private let port: Int
    private let eventLoopGroup: any EventLoopGroup
    private let logger: Logger
    private let onListening: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - port: 0 takes any free one
    ///   - onListening: told the port once connections are accepted
    package init(
        _ responder: ServiceResponder, host: String, port: Int, eventLoopGroup: any EventLoopGroup, logger: Logger,
        onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.responder = responder
        self.host = host
        self.port = port
        self.eventLoopGroup = eventLoopGroup
        self.logger = logger
        self.onListening = onListening
    }

    package func run() async throws {
        let dates = DateHeader()
        let configuration = ServerConfiguration(
            address: .hostname(host, port: port), backlog: 1024,
            availableConnectionsDelegate: MaximumAvailableConnections(Self.connectionsMax))
        // The server's own announcement would repeat the runner's.
        var serverLogger = logger
        serverLogger.logLevel = max(.warning, logger.logLevel)
        let server = try HTTPServerBuilder.http1(configuration: Self.channelConfiguration).buildServer(
            configuration: configuration, eventLoopGroup: eventLoopGroup, logger: serverLogger,
            responder: { request, writer, channel in
                try await respond(to: request, writer, channel, dates)
            },
            onServerRunning: { channel in onListening(channel.localAddress?.port ?? port) })
        try await server.run()
    }

    private static var channelConfiguration: HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            idleTimeout: idleTimeout,
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 16_384, maxHeaderListSize: 32_768, maxHeaderFieldCount: 100))
    }

    private func respond(
        to request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel, _ dates: DateHeader
    ) async throws {
        let context = ServiceContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
        var response: Response
        do {
            response = try await responder.respond(to: request, context: context)
        } catch is LostReply {
            try await channel.close()
            throw CancellationError()
        }
        response.headers[.date] = dates.value()
        if Task.isCancelled {
            try await Self.writePastCancellation(response, channel)
        } else {
            try await writer.write(response: response.head, body: response.body)
        }
    }

    /// A writer refuses a cancelled task, but its client is owed an answer: this writes to the channel itself, after
    /// which the connection is closed.
    private static func writePastCancellation(_ response: Response, _ channel: any Channel) async throws {
        let collected = BufferingWriter()
        try await response.body.write(collected)
        var closing = response
        closing.headers[.connection] = "close"
        let head = closing.head
        let body = collected.buffer
        try await channel.eventLoop.submit {
            channel.write(HTTPResponsePart.head(head), promise: nil)
            channel.write(HTTPResponsePart.body(body), promise: nil)
            channel.writeAndFlush(HTTPResponsePart.end(nil), promise: nil)
            channel.close(mode: .output, promise: nil)
        }.get()
    }
}
