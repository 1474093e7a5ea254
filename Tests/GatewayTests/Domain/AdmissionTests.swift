import Contracts
import HTTPKit
import NIOCore
import Testing

@testable import gateway

@Suite("Admission")
struct AdmissionTests {
    private func admission(_ line: String, _ fields: String = "") throws -> Admission {
        let head = try RequestHead(parsing: ByteBuffer(string: "\(line) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"))
        return Admission(head, try BodyFraming.ofRequest(head), bodyBytesMax: 100)
    }

    @Test("a request of a known route is forwarded")
    func forward() throws {
        #expect(try admission("GET /api/events") == .forward(Route(.events), sendsContinue: false))
        #expect(try admission("OPTIONS /api/auth/login") == .forward(Route(.auth), sendsContinue: false))
        #expect(
            try admission("GET /api/events/1/availability/stream?x=1")
                == .forward(Route(.inventory, .stream), sendsContinue: false))
    }

    @Test("the client that waits for permission gets it only with a body to send")
    func expectation() throws {
        let post = "POST /api/bookings"
        let expects = "Expect: 100-Continue\r\n"
        #expect(
            try admission(post, "\(expects)Content-Length: 5\r\n") == .forward(Route(.booking), sendsContinue: true))
        #expect(try admission(post, expects) == .forward(Route(.booking), sendsContinue: false))
        #expect(try admission(post, "Expect: magic\r\n") == .refuse(.expectationUnknown))
    }

    @Test("methods that nobody answers are refused by their kind")
    func methods() throws {
        guard case .refuse(let trace) = try admission("TRACE /api/events") else { return #expect(Bool(false)) }
        #expect(trace.status == 405)
        #expect(try admission("CONNECT /api/events") == .refuse(.methodNotImplemented))
        #expect(try admission("BREW /api/events") == .refuse(.methodNotImplemented))
        #expect(try admission("get /api/events") == .refuse(.methodNotImplemented))
        #expect(try admission("POST /health") == .refuse(.methodNotAllowed(allow: "GET, HEAD")))
    }

    @Test("a body that is announced too large is refused before it comes")
    func bodies() throws {
        #expect(try admission("POST /api/auth", "Content-Length: 101\r\n") == .refuse(.bodyTooLarge(100)))
        let fits = try admission("POST /api/auth", "Content-Length: 100\r\n")
        #expect(fits == .forward(Route(.auth), sendsContinue: false))
    }

    @Test("health is the gateway's own, its neighbours do not exist")
    func health() throws {
        #expect(try admission("GET /health") == .health)
        #expect(try admission("HEAD /health?x") == .health)
        for path in ["/health/", "/health/live", "/health/ready", "/metrics", "/internal/x", "/docs/", "/openapi"] {
            #expect(try admission("GET \(path)") == .refuse(.notFound))
        }
        #expect(try admission("OPTIONS *") == .refuse(.notFound))
    }
}
