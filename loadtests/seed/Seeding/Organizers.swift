import Checker
import Contracts
import LoadKit
import Synchronization

/// The people who make a catalogue, signed in, and signed in again when a token has ended.
final class Organizers: Sendable {
    /// An account is there with another password.
    struct Strangers: Error, CustomStringConvertible {
        let email: String

        var description: String {
            "\(email) is there with another password: give the one of the first run, or choose another --seed"
        }
    }

    /// Nobody answered for long.
    struct NoAnswer: Error, CustomStringConvertible {
        let what: String

        var description: String { "\(what) got no answer that counts" }
    }

    private static let millisecondsPerDay: Int64 = 86_400_000

    private let plan: SeedPlan
    private let client: APIClient
    private let password: String
    private let persistence: Persistence
    private let signIns = Mutex<[Int: SignInReply]>([:])

    init(_ plan: SeedPlan, client: APIClient, password: String, persistence: Persistence) {
        self.plan = plan
        self.client = client
        self.password = password
        self.persistence = persistence
    }

    /// Signs an organizer in, or up.
    func signIn(_ number: Int) async throws -> SignInReply {
        if let signIn = signIns.withLock({ $0[number] }) { return signIn }
        let email = plan.email(of: number)
        let account = RegisterRequest(email: email, password: password, name: "Organizer \(number + 1)")
        var reply = try await send("/api/auth/register", account, for: email)
        if reply.code == "email-taken" {
            reply = try await send("/api/auth/login", LoginRequest(email: email, password: password), for: email)
            if reply.status == 401 { throw Strangers(email: email) }
        }
        let signIn = try reply.value(SignInReply.self)
        signIns.withLock { $0[number] = signIn }
        return signIn
    }

    /// The midnight from which the dates of the catalogue count: of the day on which the first account was made.
    ///
    /// So an event's request is the same in every run, and its key never names two.
    func start() async throws -> Timestamp {
        let client = try await client(of: 0)
        var retries = 0
        let reply = try await persistence.send(retries: &retries) { try await client.send("GET", "/api/auth/me") }
        guard let milliseconds = try reply?.value(UserDocument.self).createdAt?.milliseconds else {
            throw NoAnswer(what: "asking when the first account was made")
        }
        return Timestamp(milliseconds: milliseconds - milliseconds % Self.millisecondsPerDay)
    }

    /// A client of an organizer.
    func client(of number: Int) async throws -> APIClient {
        client.with(accessToken: try await signIn(number).accessToken)
    }

    /// The same after `client` was told that its token is not good any more.
    func renewed(_ client: APIClient, of number: Int) async throws -> APIClient {
        signIns.withLock { signIns in
            if signIns[number]?.accessToken == client.accessToken { signIns[number] = nil }
        }
        return try await self.client(of: number)
    }

    private func send(_ route: String, _ body: some Encodable, for email: String) async throws -> APIReply {
        var retries = 0
        let reply = try await persistence.send(retries: &retries) {
            try await client.send("POST", route, json: body)
        }
        guard let reply else { throw NoAnswer(what: "signing \(email) in") }
        return reply
    }
}
