import Checker
import Contracts
import HTTPKit
import TestSupport
import Testing

/// `/api/holds`: a checkout page's hold, by the names of tiers.
@Suite struct CheckoutHoldTests {
    @Test("a checkout is held, kept alive, replaced and released")
    func lifecycle() async throws {
        let sale = try await Sale.open(places: 10)
        let buyer = try await sale.guest()
        let begun = try await buyer.checkOut(sale.event.id, ["Standing": 4])
        #expect(begun.status == 201)
        let held: CheckoutHoldReply = try begun.value()
        #expect(held.success && held.heartbeatSeconds == 30)
        #expect(held.holds.map(\.tier) == ["Standing"] && held.holds.map(\.quantity) == [4])
        #expect(held.expiresAt < held.hardExpiresAt)

        let replaced = try await buyer.checkOut(sale.event.id, ["Standing": 2, "Seat": 1])
        #expect(replaced.status == 200)
        #expect(try replaced.value(CheckoutHoldReply.self).reservationId == held.reservationId)
        #expect(try await sale.available() == ["Seat": 19, "Standing": 8])

        let beat = try await buyer.send(
            "POST", "/api/holds/heartbeat", json: CheckoutHeartbeatRequest(concertId: sale.event.id, hidden: true))
        #expect(beat.status == 200)
        #expect(try beat.value(CheckoutHeartbeatReply.self).hardExpiresAt == held.hardExpiresAt)
        let generic = try await buyer.send("POST", "/api/inventory/reservations/\(held.reservationId)/heartbeat")
        #expect(generic.status == 200)

        for _ in 1...2 {
            #expect(try await buyer.send("DELETE", "/api/holds/\(sale.event.id)").status == 204)
        }
        #expect(try await sale.available() == ["Seat": 20, "Standing": 10])
        let late = try await buyer.send(
            "POST", "/api/holds/heartbeat", json: CheckoutHeartbeatRequest(concertId: sale.event.id))
        expectProblem(late, 410, "reservation-expired")
        #expect(late.problem?.success == false)
    }

    @Test("not enough is a refusal with success and message, and what was held stays")
    func notEnough() async throws {
        let sale = try await Sale.open(places: 5)
        let (ada, bob) = (try await sale.guest(), try await sale.guest())
        #expect(try await ada.checkOut(sale.event.id, ["Standing": 2]).status == 201)
        #expect(try await bob.checkOut(sale.event.id, ["Standing": 3]).status == 201)
        let refused = try await ada.checkOut(sale.event.id, ["Standing": 3])
        expectProblem(refused, 409, "sold-out")
        #expect(refused.problem?.success == false && refused.problem?.message?.isEmpty == false)
        #expect(try await sale.available()["Standing"] == 0)
    }

    @Test("the same key brings the same answer and holds once")
    func replay() async throws {
        let sale = try await Sale.open(places: 5)
        let buyer = try await sale.guest()
        let key = Sale.key()
        let first = try await buyer.checkOut(sale.event.id, ["Standing": 2], key: key)
        let second = try await buyer.checkOut(sale.event.id, ["Standing": 2], key: key)
        #expect(second.status == 201 && second.text == first.text)
        #expect(second.headers.first("idempotent-replayed") == "true")
    }

    @Test("bad requests are told what is wrong")
    func badInput() async throws {
        let sale = try await Sale.open(places: 5)
        let buyer = try await sale.guest()
        for items in [[:], ["Standing": 0], ["Standing": -1], ["Standing": 1_000_000], ["Throne": 1]] {
            expectProblem(try await buyer.checkOut(sale.event.id, items), 422, "invalid-fields")
        }
        expectProblem(try await buyer.checkOut("nothing", ["Standing": 1]), 422, "invalid-fields")
        let unknown = UUIDv7.make(at: SystemClock().now())
        expectProblem(try await buyer.checkOut(unknown, ["Standing": 1]), 404, "not-found")
        let stranger = buyer.with(accessToken: nil)
        expectProblem(try await stranger.checkOut(sale.event.id, ["Standing": 1]), 401, "unauthorized")
    }
}

extension APIClient {
    fileprivate func checkOut(
        _ eventID: String, _ items: [String: Int], key: String? = nil
    ) async throws -> APIReply {
        let request = CheckoutHoldRequest(
            concertId: eventID,
            items: items.sorted { $0.key < $1.key }.map { .init(tier: $0.key, quantity: $0.value) })
        return try await send("POST", "/api/holds/checkout", json: request, key: key)
    }
}
