import Contracts
import HTTPKit
import Logging
import NIOCore

/// What a client gets.
extension ClientConnection: ExchangeClient {
    /// Pieces of a body up to this are copied beside what is waiting, larger ones are written as they are.
    private static let copiedBytesMax = 16_384

    func responseInterim(_ head: ResponseHead) {
        // The gateway has said 100 itself, and HTTP/1.0 knows no such responses.
        guard head.status != 100, request?.head.version == .http11 else { return }
        ClientHeadWriter.write(interim: head, to: &output)
    }

    func responseHead(_ head: ResponseHead, framing: BodyFraming) {
        guard let request else { return }
        if loop.isDraining { request.progress.end() }
        request.framing = ClientFraming(framing, for: request.head.version)
        if request.framing == .untilClose { request.progress.end() }
        request.progress.responseBegins()
        request.status = head.status
        var roomForBody = 0
        if case .length(let length) = framing, length <= Self.copiedBytesMax { roomForBody = length }
        ClientHeadWriter.write(
            head, request.framing, closes: request.progress.closes, roomForBody: roomForBody, trace: request.trace,
            to: &output)
        if loop.isDraining { endStream() }
    }

    /// Ends a stream under way as its service would, so that the client comes back at once, to whoever is there.
    func endStream() {
        guard let exchange, exchange.isStream, let request, request.progress.responseHasBegun,
            request.framing != .asIs
        else { return }
        exchange.abandon()
        responseEnded()
    }

    func responseBody(_ bytes: ByteBuffer) {
        guard let request else { return }
        let isChunked = request.framing == .chunked
        if bytes.readableBytes <= Self.copiedBytesMax {
            if isChunked { output.writeChunk(bytes) } else { output.writeImmutableBuffer(bytes) }
            return
        }
        if isChunked { output.writeChunkSize(bytes.readableBytes) }
        writeOutput()
        context?.write(wrapOutboundOut(bytes), promise: nil)
        if isChunked { output.writeStaticString("\r\n") }
    }

    func responsePaused() {
        flush()
    }

    func responseEnded() {
        exchange = nil
        if request?.framing == .chunked { output.writeStaticString(ByteBuffer.lastChunk) }
        responseCompleted()
    }

    func responseFailed(_ failure: UpstreamFailure) {
        exchange = nil
        guard let service = request?.upstream?.service else { return close() }
        loop.logger.debug(
            "forwarding failed", metadata: ["service": "\(service.rawValue)", "error": "\(failure.error)"])
        switch failure.error.code {
        case .deadlineExceeded: refuse(.deadlineExceeded)
        case .overloaded: refuse(.overloaded)
        default:
            refuse(.dependencyUnavailable(service, outcomeUnknown: failure.error.mayHaveBeenProcessed))
        }
    }

    func requestRoomChanged() {
        process()
    }

    /// Writes a response of the gateway's own.
    func answer(_ response: LocalResponse, endsConnection: Bool) {
        if request == nil {
            // The head itself was refused: nothing that follows can be trusted.
            response.write(to: &output, withoutBody: false, closes: true, trace: nil)
            loop.metrics.gateway.record(status: response.status, seconds: 0)
            flush()
            return follow(.linger, .now())
        }
        if endsConnection || loop.isDraining { request?.progress.end() }
        request?.progress.responseBegins()
        request?.status = response.status
        response.write(
            to: &output, withoutBody: request?.head.method == .head, closes: request?.progress.closes ?? true,
            trace: request?.trace)
        responseCompleted()
    }

    private func responseCompleted() {
        flush()
        guard let request else { return close() }
        self.request = nil
        let now = NIODeadline.now()
        let seconds = Double((now - request.started).nanoseconds) / 1_000_000_000
        (request.upstream?.metrics ?? loop.metrics.gateway).record(status: request.status, seconds: seconds)
        follow(request.progress.responseCompleted(), now)
    }

    private func writeOutput() {
        guard output.readableBytes > 0 else { return }
        let bytes = output
        output = ByteBuffer()
        context?.write(wrapOutboundOut(bytes), promise: nil)
    }
}
