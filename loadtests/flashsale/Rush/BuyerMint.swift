import Checker
import Contracts
import LoadKit

/// Somebody who buys nothing but in this rush.
struct Buyer: Sendable {
    let userID: String
    let accessToken: String
}

/// Makes the buyers of a rush: guests in batches, or accounts one by one.
struct BuyerMint: Sendable {
    let client: APIClient
    let admin: APIClient
    let plan: RushPlan
    let progress: ProgressLine

    private static let guestsPerBatch = 2000
    /// Password hashes are made to be slow: more at once would only queue.
    private static let registrationsAtOnce = 4

    func mint() async throws -> [Buyer] {
        plan.buyersHaveAccounts ? try await register() : try await mintGuests()
    }

    private func mintGuests() async throws -> [Buyer] {
        var buyers: [Buyer] = []
        buyers.reserveCapacity(plan.users)
        let persistence = Persistence(patience: plan.patience)
        while buyers.count < plan.users {
            let count = min(Self.guestsPerBatch, plan.users - buyers.count)
            let guests = try await persistence.insist { try await admin.mintGuests(count) }
            buyers += guests.map { Buyer(userID: $0.user.id, accessToken: $0.accessToken) }
            progress.note("Minted \(buyers.count) of \(plan.users) guests", transient: true)
        }
        return buyers
    }

    private func register() async throws -> [Buyer] {
        let run = SecureRandom.hexadecimal(bytes: 6)
        return try await withThrowingTaskGroup(of: Buyer.self) { group in
            var started = 0
            var buyers: [Buyer] = []
            while buyers.count < plan.users {
                while started < plan.users, started - buyers.count < Self.registrationsAtOnce {
                    started += 1
                    let email = "buyer-\(started)-\(run)@load.example"
                    group.addTask { try await register(email) }
                }
                if let buyer = try await group.next() { buyers.append(buyer) }
                progress.note("Registered \(buyers.count) of \(plan.users) accounts", transient: true)
            }
            return buyers
        }
    }

    private func register(_ email: String) async throws -> Buyer {
        let request = RegisterRequest(email: email, password: SecureRandom.hexadecimal(bytes: 12), name: "Buyer")
        let persistence = Persistence(patience: plan.patience)
        var retries = 0
        let reply = try await persistence.send(retries: &retries) {
            let reply = try await client.send("POST", "/api/auth/register", json: request)
            // Nobody else has this address: the reply to an earlier attempt was lost, and the account is there.
            guard reply.code == "email-taken" else { return reply }
            let signIn = LoginRequest(email: email, password: request.password)
            return try await client.send("POST", "/api/auth/login", json: signIn)
        }
        guard let reply else { throw RegistrationTimedOut(email: email) }
        let signIn = try reply.value(SignInReply.self)
        return Buyer(userID: signIn.user.id, accessToken: signIn.accessToken)
    }
}

/// An account could not be made for as long as a buyer is patient.
struct RegistrationTimedOut: Error, CustomStringConvertible {
    let email: String

    var description: String { "registering \(email) got no reply that counts" }
}
