import Contracts
import ServiceKit
import Testing

@testable import inventory

@Suite struct ReservationRefusalProblemTests {
    private static let now = Timestamp(milliseconds: 1_800_000_000_000)

    @Test(
        "every refusal has its status and stable code",
        arguments: [
            (ReservationRefusal.eventUnknown, 404, "not-found"), (.reservationUnknown, 404, "not-found"),
            (.seatsUnknown(["Z"]), 422, "invalid-fields"), (.ticketTypesUnknown(["t"]), 422, "invalid-fields"),
            (.seatsUnavailable(["A"]), 409, "seat-unavailable"), (.seatsLocked(["A"]), 409, "seat-locked"),
            (.fenced, 409, "seat-locked"), (.soldOut(["t"]), 409, "sold-out"), (.notOnSale("x"), 409, "not-on-sale"),
            (.orderTooLarge(max: 10), 422, "invalid-fields"), (.holdLimit(max: 1), 429, "hold-limit"),
            (.currenciesMixed, 422, "invalid-fields"), (.expired, 410, "reservation-expired"),
            (.confirmed, 410, "reservation-confirmed"), (.paymentInProgress, 409, "payment-in-progress"),
            (.tooManyPaymentAttempts, 409, "payment-attempts-exhausted"),
        ])
    func codes(refusal: ReservationRefusal, status: Int, code: String) {
        let problem = refusal.problem(at: Self.now)
        #expect(problem.document(instance: nil).status == status)
        #expect(problem.code == code)
    }

    @Test("what time heals says when to come back")
    func retryAfter() {
        #expect(ReservationRefusal.seatsLocked(["A"]).problem(at: Self.now).retryAfterSeconds == 1)
        #expect(
            ReservationRefusal.notOnSale("x", from: Self.now + .seconds(30)).problem(at: Self.now).retryAfterSeconds
                == 31)
        #expect(ReservationRefusal.notOnSale("x").problem(at: Self.now).retryAfterSeconds == nil)
    }

    @Test("the seats in the way are named")
    func conflicts() {
        #expect(ReservationRefusal.seatsUnavailable(["A", "B"]).problem(at: Self.now).conflicts == ["A", "B"])
    }
}
