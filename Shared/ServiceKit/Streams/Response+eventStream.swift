import HTTPTypes
package import Hummingbird

extension Response {
    /// A stream of events that lasts until the client leaves, the service finishes it or the process stops.
    ///
    /// - Parameters:
    ///   - began: told of the stream once its head is written; the first thing to send is sent from there
    ///   - ended: told when the stream has ended, however it did
    package static func eventStream(
        for context: ServiceContext, began: @escaping @Sendable (EventStream) -> Void,
        ended: @escaping @Sendable (EventStream, EventStream.End) -> Void
    ) -> Response {
        let channel = context.channel
        let body = ResponseBody { writer in
            let stream = try await EventStream.open(on: channel)
            began(stream)
            let end = await stream.waitForEnd()
            ended(stream, end)
            // What is not finished in order is cut off, so that the client does not take it for all there was.
            guard end == .finished else { throw EventStreamAbandoned() }
            try await writer.finish(nil)
        }
        // The last field is for proxies that would keep events until they have a bufferful of them.
        let headers: HTTPFields = [
            .contentType: "text/event-stream", .cacheControl: "no-store", .xAccelBuffering: "no",
        ]
        return Response(status: .ok, headers: headers, body: body)
    }
}

/// Ends the connection of a stream that did not end in order.
struct EventStreamAbandoned: Error {}
