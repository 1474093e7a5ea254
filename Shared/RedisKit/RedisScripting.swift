public import Logging
public import ServiceLifecycle

/// Runs scripts on whichever server has their keys: one Redis, the master that sentinels name, or a cluster.
///
/// As a service it connects before the first script and closes at the end; without ``Service/run()`` it connects on
/// first use and must be closed.
public protocol RedisScripting: Service, Sendable {
    /// Runs a script whose keys all have one hash tag.
    ///
    /// An error whose ``RedisError/outcomeUnknown`` is false means that nothing was executed.
    func evaluate(
        _ script: RedisScript, keys: [String], arguments: [String]
    ) async throws(RedisError) -> RedisValue

    /// Runs a script for a caller that does not wait.
    ///
    /// - Parameter completion: told the outcome, wherever that is known; it must not block
    func evaluateLater(
        _ script: RedisScript, keys: [String], arguments: [String],
        completion: @escaping @Sendable (Result<RedisValue, RedisError>) -> Void)

    /// A subscriber on a server where messages are heard that scripts publish; whoever makes one closes it.
    func makeSubscriber(logger: Logger) async throws(RedisError) -> RedisSubscriber

    /// Asks a server whether it answers.
    func ping() async throws(RedisError)

    /// Takes no more commands and closes after the replies that are owed.
    func close() async
}

extension RedisScripting {
    public func evaluateLater(
        _ script: RedisScript, keys: [String], arguments: [String],
        completion: @escaping @Sendable (Result<RedisValue, RedisError>) -> Void
    ) {
        Task {
            do throws(RedisError) {
                completion(.success(try await evaluate(script, keys: keys, arguments: arguments)))
            } catch {
                completion(.failure(error))
            }
        }
    }
}
