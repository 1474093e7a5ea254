import Contracts
import DatabaseKit
import HTTPKit
import Logging
import NIOPosix
import ServiceKit
import TestSupport
import Testing

@testable import payment

@Suite("Stripe", .onBothDatabases, .serialized)
struct StripeProviderTests {
    /// The use cases of payment with Stripe behind them.
    private struct Desk {
        let cases: PaymentCases
        let database: any Database

        func charge(_ key: String, _ method: PaymentMethod, user: String = "user-1") async throws -> Charge {
            try await cases.chargeBuyer.execute(order(key), method, until: .after(.seconds(20)))
        }

        func order(_ key: String) -> ChargeOrder {
            ChargeOrder(
                key: key, bookingID: "b-\(key)", userID: "user-1", amount: Money(minorUnits: 5_000, currency: .usd))
        }

        func authorize(_ method: PaymentMethod) async throws -> Authorization {
            try await cases.authorize.execute(
                AuthorizationOrder(
                    userID: "user-1", amount: Money(minorUnits: 5_000, currency: .usd), intent: nil),
                try cases.authorize.instrument(method, field: "method"), until: .after(.seconds(20)))
        }

        func refund(_ refundKey: String, of key: String, _ minorUnits: Int64? = nil) async throws -> Charge {
            try await cases.refundCharge.execute(
                refundKey, of: key, minorUnits: minorUnits, until: .after(.seconds(20)))
        }
    }

    private static let declinedCard = "4000000000000341"

    private func run(_ body: (Desk, LocalStripe) async throws -> Void) async throws {
        try await LocalStripe.with { stripe in
            try await Self.withDesk(at: stripe.url, patience: 15) { try await body($0, stripe) }
        }
    }

    /// Runs `body` with a server in Stripe's place that does with each connection what `script` says.
    private func run(
        instead script: @escaping RawServer.Script, patience: Double, _ body: (Desk, RawServer) async throws -> Void
    ) async throws {
        try await RawServer.with(script) { server in
            try await Self.withDesk(at: "http://127.0.0.1:\(server.endpoint.port)", patience: patience) {
                try await body($0, server)
            }
        }
    }

    private static func withDesk(
        at url: String, patience: Double, _ body: (Desk) async throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory("stripe")
        let database = try await TestDatabase.open(in: directory)
        try await database.migrate(PaymentMigrations.all)
        var logger = Logger(label: "stripe")
        logger.logLevel = .critical
        let client = StripeClient(
            baseURL: url, secretKey: LocalStripe.secretKey,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
        let provider = StripeProvider(
            client, memory: StripeMemory(database: database), signature: WebhookSignature(secret: "whsec_test"))
        let configuration = try PaymentConfiguration(Settings(["PROVIDER_SECONDS": "\(patience)"]))
        let cases = PaymentCases(
            configuration, database, provider, clock: SystemClock(), metrics: PrometheusRegistry(), logger: logger)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(Desk(cases: cases, database: database)))
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        await database.close()
        try result.get()
    }

    @Test("pays once with a card or a payment method, however parallel it is asked")
    func pays() async throws {
        try await run { desk, stripe async throws in
            for (key, method) in [("card", PaymentMethod.card(cvv: "123")), ("token", .token("pm_card_visa"))] {
                let charges = try await withThrowingTaskGroup(of: Charge.self) { group in
                    for _ in 0..<5 { group.addTask { try await desk.charge(key, method) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(charges.contains { $0.state == .captured })
                #expect(charges.allSatisfy { $0.state == .captured || $0.state == .pending })
                let paid = try await stripe.paid(key)
                #expect(paid.map(\.status) == ["succeeded"] && paid.map(\.amount) == [5_000])
                let found = try await desk.cases.findCharge.execute(key, until: .after(.seconds(5)))
                #expect(found.state == .captured)
            }
        }
    }

    @Test("declines, ends the intent, and the same again is declined the same")
    func declines() async throws {
        try await run { desk, stripe async throws in
            for _ in 0..<2 {
                let refused = await refusal {
                    try await desk.charge("k1", .card(Self.declinedCard, cvv: "123"))
                }
                #expect(refused == .declined(code: "card_declined"))
            }
            #expect(try await stripe.intents().map(\.status) == ["canceled"])
            guard case .declined = await refusal({ try await desk.charge("k2", .token("pm_unknown")) }) else {
                Issue.record("a payment method that does not exist was not declined")
                return
            }
        }
    }

    @Test("gives money back once for each attempt, in parts and whole")
    func refunds() async throws {
        try await run { desk, stripe async throws in
            _ = try await desk.charge("k1", .token("pm_card_visa"))
            for _ in 0..<2 { #expect(try await desk.refund("r1", of: "k1", 2_000).refundedMinorUnits == 2_000) }
            #expect(try await stripe.refunded() == 2_000)
            #expect(try await desk.refund("r2", of: "k1").status == "Refunded")
            #expect(try await stripe.refunded() == 5_000)
        }
    }

    @Test("a repeated refund whose first answer was lost is found and not made again")
    func lostRefund() async throws {
        try await run { desk, stripe async throws in
            _ = try await desk.charge("k1", .token("pm_card_visa"))
            let refunds = RefundStore(database: desk.database)
            let (refund, charge) = try await refunds.begin("r1", of: "k1", minorUnits: 700, at: SystemClock().now())
            let order = ProviderRefund(
                key: refund.providerKey, paymentKey: charge.providerKey,
                amount: Money(minorUnits: 700, currency: .usd))
            _ = try await desk.cases.refundCharge.provider.refund(order, until: .after(.seconds(5)))
            #expect(try await desk.refund("r1", of: "k1", 700).refundedMinorUnits == 700)
            #expect(try await stripe.refunded() == 700)
        }
    }

    @Test("holds an amount that is captured when a booking claims it, or let go when none does")
    func manualCapture() async throws {
        try await run { desk, stripe async throws in
            let (claimed, released) = (
                try await desk.authorize(.card(cvv: "123")), try await desk.authorize(.token("pm_card_visa"))
            )
            #expect(try await stripe.intents().map(\.status) == ["requires_capture", "requires_capture"])
            for _ in 0..<2 {
                #expect(try await desk.charge("k1", .reference(claimed.reference)).state == .captured)
            }
            let voided = try await desk.cases.release.execute(
                released.paymentID, minorUnits: nil, until: .after(.seconds(10)))
            #expect(voided.state == .voided)
            #expect(try await stripe.paid(claimed.providerKey).map(\.status) == ["succeeded"])
            #expect(try await stripe.paid(released.providerKey).isEmpty)
            #expect(try await desk.refund("r1", of: "k1").status == "Refunded")
        }
    }

    @Test("a key that was voided, heard of or not, takes no money")
    func voids() async throws {
        try await run { desk, stripe async throws in
            _ = try await desk.cases.voidCharge.execute(desk.order("unheard"), until: .after(.seconds(10)))
            #expect(await refusal { try await desk.charge("unheard", .token("pm_card_visa")) } == .voided)
            // A charge that died before it told Stripe, and its straggler.
            let begun = try await ChargeStore(database: desk.database).begin(
                desk.order("begun"), lastFour: nil, at: SystemClock().now())
            let void = try await desk.cases.voidCharge.execute(desk.order("begun"), until: .after(.seconds(10)))
            #expect(void.state == .voided)
            let straggler = try await desk.cases.voidCharge.provider.authorize(
                ProviderOrder(
                    key: begun.key, amount: begun.amount, instrument: .token("pm_card_visa"), isCaptured: true),
                until: .after(.seconds(10)))
            #expect(straggler == .voided)
            #expect(try await stripe.paid("begun").isEmpty)
            _ = try await desk.charge("taken", .token("pm_card_visa"))
            let taken = try await desk.cases.voidCharge.execute(desk.order("taken"), until: .after(.seconds(10)))
            #expect(taken.state == .captured)
        }
    }

    @Test("that never answers leaves the charge pending")
    func silent() async throws {
        let script: RawServer.Script = { connection, _ in await connection.drain() }
        try await run(instead: script, patience: 0.2) { desk, server async throws in
            #expect(try await desk.charge("k1", .card(cvv: "123")).state == .pending)
            #expect(server.acceptedCount > 0)
        }
    }

    @Test("that takes no such amount is a decline, and no straggler asks it again")
    func refusesIntent() async throws {
        let body = #"{"error":{"type":"invalid_request_error","code":"amount_too_small"}}"#
        let script: RawServer.Script = { connection, _ in
            _ = try await connection.readHead()
            try await connection.write(
                "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            await connection.drain()
        }
        try await run(instead: script, patience: 15) { desk, server async throws in
            let declined = PaymentRefusal.declined(code: "amount_too_small")
            for _ in 0..<2 {
                #expect(await refusal { try await desk.charge("k1", .token("pm_card_visa")) } == declined)
            }
            #expect(await refusal { try await desk.authorize(.token("pm_card_visa")) } == declined)
            let straggler = try await desk.cases.chargeBuyer.provider.authorize(
                ProviderOrder(
                    key: "k1", amount: Money(minorUnits: 5_000, currency: .usd), instrument: .token("pm_card_visa"),
                    isCaptured: true), until: .after(.seconds(10)))
            #expect(straggler == .voided)
            #expect(server.acceptedCount == 2)
        }
    }
}
