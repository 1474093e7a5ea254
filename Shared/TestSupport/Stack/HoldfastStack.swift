package import Checker
import Contracts
import Foundation
package import HTTPKit
import Logging
import NIOPosix
import Synchronization

/// All of Holdfast as real processes for a test: the services, a Redis, databases in files or in PostgreSQL, and secrets of its own.
///
/// The executables are the ones built beside the running tests. Nothing outlives the object or the test run. What the
/// services print is in a temporary folder, or stays in `HOLDFAST_TEST_LOGS` when that names a folder.
package final class HoldfastStack: Sendable {
    package let redis: PrivateRedis
    /// The cluster of a stack that keeps its state in PostgreSQL.
    package let postgres: PrivatePostgres?
    package static let adminEmail = "admin@holdfast.example"
    package let adminPassword: String
    static let tokenKeyID = "t1"

    let http: HTTPClient
    let plan: StackPlan
    let processes = Mutex<[StackReplica: ChildProcess]>([:])
    /// The administrator's sign-in, used again while it is surely good: signing in is made to be slow.
    private let adminSignIn = Mutex<(signIn: Task<APIClient, any Error>, until: ContinuousClock.Instant)?>(nil)
    private static let signInKept = Duration.seconds(120)

    private init(_ options: StackOptions) async throws {
        redis = try await PrivateRedis.start(
            PrivateRedis.Options(
                password: SecureRandom.hexadecimal(bytes: 12), appendOnly: true, arguments: options.redisArguments))
        adminPassword = SecureRandom.hexadecimal(bytes: 12)
        postgres = options.database == .postgres ? try await PrivatePostgres.start() : nil
        var databases: [ServiceName: String] = [:]
        if let postgres {
            for name in ServiceName.allCases where name != .gateway {
                databases[name] = postgres.url(try await postgres.createDatabase())
            }
        }
        plan = try StackPlan(options, redis: redis, databases: databases, adminPassword: adminPassword)
        http = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: Logger(label: "stack"))
    }

    /// Starts everything and returns when every process is ready.
    package static func start(_ options: StackOptions = StackOptions()) async throws -> HoldfastStack {
        let stack = try await HoldfastStack(options)
        for name in ServiceName.allCases { try await stack.start(name) }
        try await stack.waitUntilHealthy()
        return stack
    }

    /// Runs `body` on a stack of its own, which is gone afterwards.
    package static func with<Value: Sendable>(
        _ options: StackOptions = StackOptions(), _ body: (HoldfastStack) async throws -> Value
    ) async throws -> Value {
        let stack = try await start(options)
        do {
            let value = try await body(stack)
            await stack.stop()
            return value
        } catch {
            await stack.stop()
            throw error
        }
    }

    /// Asks all services to end, callers first, and ends Redis and PostgreSQL.
    package func stop() async {
        for name in [ServiceName.gateway, .booking, .events, .search, .auth, .inventory, .payment] {
            for replica in plan.replicas(of: name) {
                guard let process = processes.withLock({ $0[replica] }) else { continue }
                // One that does not end in time is killed; the test that cares about that asks for it itself.
                do { try await process.terminate(within: .seconds(5)) } catch { process.kill() }
            }
        }
        redis.stop()
        postgres?.stop()
        await http.shutdown()
    }

    // MARK: - Clients

    /// The client that talks to the gateway.
    package var httpClient: HTTPClient { http }

    /// Where the gateways listen, the first of them first.
    package var gateways: [Endpoint] { plan.replicas(of: .gateway).map { plan.endpoint(of: $0) } }

    /// Where the first gateway listens.
    package var gateway: Endpoint { gateways[0] }

    /// Where a process listens itself, for tests that ask a certain one.
    package func endpoint(of replica: StackReplica) -> Endpoint { plan.endpoint(of: replica) }

    /// A client of the first gateway that is not signed in.
    package func client(timeout: Duration = .seconds(15)) -> APIClient {
        client(of: .endpoint(gateway), timeout: timeout)
    }

    /// A client of all gateways, which takes another when one is away.
    package func clientOfAllGateways(timeout: Duration = .seconds(15)) -> APIClient {
        client(of: .service(ReplicaDirectory("gateway", at: gateways)), timeout: timeout)
    }

    private func client(of gateway: HTTPClient.Destination, timeout: Duration) -> APIClient {
        var client = APIClient(http: http, gateway: gateway, timeout: timeout)
        client.onReply = ExchangeRecorder.shared?.record
        return client
    }

    /// A client signed in as the administrator.
    package func admin() async throws -> APIClient {
        let signIn = adminSignIn.withLock { kept in
            if let kept, kept.until > .now { return kept.signIn }
            let signIn = Task { [self] in
                try await client().signIn(email: Self.adminEmail, password: adminPassword)
            }
            kept = (signIn, .now + Self.signInKept)
            return signIn
        }
        return try await signIn.value
    }

    /// The file with the key that user tokens are signed with.
    var tokenKeysFile: String { plan.directory.file("token.keys") }
}

/// The stack could not be brought to where a test wants it.
package struct StackError: Error, CustomStringConvertible {
    package let message: String

    package init(message: String) {
        self.message = message
    }

    package var description: String { message }
}
