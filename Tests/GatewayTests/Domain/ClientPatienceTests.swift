import NIOCore
import Testing

@testable import gateway

@Suite("Patience with clients")
struct ClientPatienceTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    @Test("between requests a connection may idle, in a head it must go on")
    func idleAndHead() {
        var patience = ClientPatience(GatewayLimits())
        patience.awaitRequest(start)
        #expect(patience.due == start + .seconds(75))
        #expect(patience.lapse(start + .seconds(74)) == nil)
        #expect(patience.lapse(start + .seconds(75)) == .idle)
        patience.awaitHead(start)
        patience.awaitHead(start + .seconds(9))
        #expect(patience.due == start + .seconds(10))
        #expect(patience.lapse(start + .seconds(10)) == .head)
    }

    @Test("bytes of a body buy time at the least pace and no more")
    func bodyPace() {
        var patience = ClientPatience(GatewayLimits())
        patience.awaitBody(start)
        #expect(patience.due == start + .seconds(10))
        patience.bodyReceived(5_000)
        #expect(patience.due == start + .seconds(15))
        patience.bodyReceived(1)
        #expect(patience.lapse(start + .seconds(15)) == nil)
        #expect(patience.lapse(start + .seconds(16)) == .body)
    }

    @Test("a client that is held up owes nothing, and is timed anew afterwards")
    func heldUp() {
        var patience = ClientPatience(GatewayLimits())
        patience.awaitBody(start)
        patience.awaitNothing()
        #expect(patience.due == nil)
        #expect(patience.lapse(start + .seconds(1_000)) == nil)
        patience.resumeBody(start + .seconds(100))
        #expect(patience.due == start + .seconds(110))
        patience.resumeBody(start + .seconds(105))
        #expect(patience.due == start + .seconds(110))
    }

    @Test("a client that does not read is given up, whatever else it owes")
    func stalled() {
        var patience = ClientPatience(GatewayLimits())
        patience.awaitRequest(start)
        patience.readingStalled(start)
        #expect(patience.due == start + .seconds(30))
        #expect(patience.lapse(start + .seconds(30)) == .stalledReading)
        patience.readingResumed()
        #expect(patience.due == start + .seconds(75))
    }

    @Test("lingering is short")
    func lingering() {
        var patience = ClientPatience(GatewayLimits())
        patience.readingStalled(start)
        patience.awaitEnd(start)
        #expect(patience.due == start + .seconds(5))
        #expect(patience.lapse(start + .seconds(5)) == .lingering)
    }
}
