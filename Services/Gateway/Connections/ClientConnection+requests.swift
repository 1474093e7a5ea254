import Contracts
import HTTPKit
import Logging
import NIOCore

/// What becomes of the bytes of a client.
extension ClientConnection {
    /// Takes the next piece of input; false when nothing more can be done now.
    func takeInput() throws(HTTPSyntaxError) -> Bool {
        switch phase {
        case .betweenRequests: hasRoomForResponse ? try takeHead() : false
        case .serving: try takeBody()
        case .closing, .lingering, .closed: false
        }
    }

    private func takeHead() throws(HTTPSyntaxError) -> Bool {
        guard case .head(let head, let framing) = try reader.next() else {
            if !reader.isBetweenRequests { patience.awaitHead(.now()) }
            return false
        }
        let now = NIODeadline.now()
        phase = .serving
        requestCount += 1
        request = RequestInProgress(head, now: now)
        if loop.isDraining { request?.progress.end() }
        if framing == .none || framing == .length(0) {
            _ = try reader.next()
            requestCompleted()
        } else {
            patience.awaitBody(now)
        }
        switch Admission(head, framing, bodyBytesMax: loop.limits.bodyBytesMax) {
        case .refuse(let refusal): refuse(refusal)
        case .health: answerHealth()
        case .document(let name):
            answer(loop.documents.response(name, to: head.fields), endsConnection: false)
        case .forward(let route, let sendsContinue):
            try forward(head, framing, to: route, sendsContinue: sendsContinue)
        }
        return true
    }

    private func forward(
        _ head: RequestHead, _ framing: BodyFraming, to route: Route, sendsContinue: Bool
    ) throws(HTTPSyntaxError) {
        guard let upstream = loop.upstream(route.service), let request else {
            return refuse(.dependencyUnavailable(route.service, outcomeUnknown: false))
        }
        guard upstream.hasRoom(on: route.lane) else { return refuse(.overloaded) }
        self.request?.upstream = upstream
        let bytes = loop.headWriter.head(
            of: head, framing, lane: route.lane, trace: request.trace, client: clientLines,
            host: upstream.authority)
        let exchange = ForwardedExchange(
            bytes, framing, method: head.method, to: route, upstream: upstream, limits: loop.limits,
            client: self)
        self.exchange = exchange
        if request.progress.requestIsComplete {
            exchange.send(nil, isLast: true)
            exchange.startWhenReady()
        } else {
            if sendsContinue, reader.bufferedBytes == 0 {
                output.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
                flush()
            }
            // What has come of the body already leaves in the same write as the head.
            _ = try takeBody()
        }
    }

    private func takeBody() throws(HTTPSyntaxError) -> Bool {
        guard let request, !request.progress.requestIsComplete, let exchange else { return false }
        var piece: ByteBuffer?
        while exchange.wantsBody {
            guard let event = try reader.next() else { break }
            switch event {
            case .body(let bytes):
                guard bodyReceived(bytes.readableBytes) else { return false }
                if let piece { exchange.send(piece, isLast: false) }
                piece = bytes
            case .end:
                requestCompleted()
                exchange.send(piece, isLast: true)
                exchange.startWhenReady()
                return true
            case .head:
                return false
            }
        }
        if let piece { exchange.send(piece, isLast: false) }
        exchange.startWhenReady()
        // It may have failed at once, and been answered.
        guard self.exchange === exchange else { return false }
        // A client that is held up owes nothing for that time.
        if exchange.wantsBody { patience.resumeBody(.now()) } else { patience.awaitNothing() }
        return false
    }

    /// Counts bytes of the body; false when there are too many, which has been answered.
    private func bodyReceived(_ count: Int) -> Bool {
        patience.bodyReceived(count)
        request?.bodyBytesReceived += count
        guard let received = request?.bodyBytesReceived, received > loop.limits.bodyBytesMax else { return true }
        refuse(.bodyTooLarge(loop.limits.bodyBytesMax))
        return false
    }

    private func requestCompleted() {
        request?.progress.requestCompleted()
        patience.awaitNothing()
    }

    /// Answers with a refusal, whatever the request had come to; a response under way can only be cut off.
    func refuse(_ refusal: Refusal) {
        let exchange = self.exchange
        self.exchange = nil
        exchange?.abandon()
        if request?.progress.responseHasBegun == true { return close() }
        if refusal.status >= 503 { loop.logRefusal(refusal, path: request?.path ?? "") }
        answer(LocalResponse(refusal, instance: request?.path), endsConnection: refusal.endsConnection)
    }

    private func answerHealth() {
        let number = requestCount
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        let (health, eventLoop) = (loop.health, loop.eventLoop)
        Task {
            let report = await health.report()
            eventLoop.execute { bound.value.healthArrived(report, for: number) }
        }
    }

    private func healthArrived(_ report: ServiceHealth.Report, for number: Int) {
        guard phase == .serving, requestCount == number else { return }
        answer(LocalResponse(report), endsConnection: false)
        process()
    }
}
