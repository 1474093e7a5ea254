import NIOCore

@testable import HTTPKit

/// What a reader made of some bytes, so that ways of feeding can be compared.
struct Trace: Equatable, CustomStringConvertible {
    var lines: [String] = []
    var body = ""
    var error: HTTPSyntaxError?

    var description: String {
        lines.joined(separator: "\n") + "\nbody: \(body.debugDescription)" + (error.map { "\nerror: \($0)" } ?? "")
    }

    mutating func endBody() {
        lines.append("body \(body.debugDescription)")
        body = ""
    }
}

extension String {
    /// The text in pieces of `size` bytes.
    func pieces(of size: Int) -> [ByteBuffer] {
        let bytes = Array(utf8)
        return stride(from: 0, to: bytes.count, by: size).map {
            ByteBuffer(bytes: bytes[$0..<min($0 + size, bytes.count)])
        }
    }
}

/// Feeds a request reader piece by piece.
func traceRequests(_ pieces: [ByteBuffer], limits: RequestReader.Limits = .init()) -> Trace {
    var reader = RequestReader(limits: limits)
    var trace = Trace()
    do {
        for piece in pieces {
            reader.feed(piece)
            while let event = try reader.next() {
                switch event {
                case .head(let head, let framing):
                    let fields = head.fields.map { "\($0.name)=\($0.value)" }
                    trace.lines.append("\(head.fields.text(head.methodRange)) \(head.target) \(framing) \(fields)")
                case .body(let bytes): trace.body += String(buffer: bytes)
                case .end: trace.endBody()
                }
            }
        }
    } catch {
        trace.error = error
    }
    return trace
}

/// Feeds a response reader piece by piece; every response answers a request of its own.
func traceResponses(_ pieces: [ByteBuffer], requestIsHead: Bool = false, closes: Bool = false) -> Trace {
    var reader = ResponseReader(headBytesMax: 16_384)
    var trace = Trace()
    reader.begin(requestIsHead: requestIsHead)
    func take(_ event: ResponseReader.Event) {
        switch event {
        case .interim(let head): trace.lines.append("interim \(head.status)")
        case .head(let head, let framing):
            trace.lines.append("\(head.status) \(framing) \(head.fields.map { "\($0.name)=\($0.value)" })")
        case .body(let bytes): trace.body += String(buffer: bytes)
        case .end(let reusable):
            trace.endBody()
            trace.lines.append("reusable \(reusable)")
            reader.begin(requestIsHead: requestIsHead)
        }
    }
    do {
        for piece in pieces {
            reader.feed(piece)
            while let event = try reader.next() { take(event) }
        }
        if closes, let event = try reader.inputEnded() { take(event) }
    } catch {
        trace.error = error
    }
    return trace
}
