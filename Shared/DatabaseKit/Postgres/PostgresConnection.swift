/// A connection to PostgreSQL on a thread of its own, which its waiting may block.
///
/// - Note: `@unchecked Sendable` because the session is not. It is only ever handed out on the connection's thread, to
///   closures that cannot let it escape, so no two threads use it at once.
final class PostgresConnection: DriverConnection, @unchecked Sendable {
    private let thread: SerialThread
    private let session: PostgresSession
    private let closing = PostgresClosing()

    /// A connection for `role` ("writer", "reader", …), which is not made before it is used.
    init(_ address: PostgresAddress, role: String, _ configuration: PostgresConfiguration) {
        thread = SerialThread(name: "pg.\(role)")
        session = PostgresSession(address, configuration, closing)
    }

    deinit {
        thread.stop()
    }

    func schedule(_ body: @escaping @Sendable (PostgresSession) -> Void) {
        thread.schedule { [self] in body(session) }
    }

    /// Runs `body` on the connection's thread and returns its result.
    func perform<Result: Sendable>(
        _ body: @escaping @Sendable (PostgresSession) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            schedule { session in continuation.resume(with: Swift.Result { try body(session) }) }
        }
    }

    func close() async {
        closing.begin()
        await withCheckedContinuation { continuation in
            schedule { session in
                session.close()
                continuation.resume()
            }
        }
        thread.stop()
    }
}
