import Contracts
import CryptoExtras
import Dispatch
import Foundation
import ServiceKit
import Synchronization

/// Hashes and checks passwords on one thread of its own, with a short queue before it.
///
/// A hash takes up to 128 MiB and half a second of a core by design. One thread bounds what sign-ins can take from the
/// machine; the queue bounds how long anyone waits; beyond it the answer is 429 at once.
final class PasswordHasher: Sendable {
    /// Hashes that wait or run.
    static let queueMax = 16
    /// What someone is told to wait when the queue is full, in seconds.
    static let retryAfterSeconds = 3

    /// The cost of new hashes.
    let cost: ScryptCost
    private let queue = DispatchQueue(label: "password-hasher", qos: .utility)
    private let waiting = Mutex(0)

    init(cost: ScryptCost) {
        self.cost = cost
    }

    /// A hash of `password` with a new salt.
    func hash(_ password: Password) async throws -> PasswordHash {
        let salt = SecureRandom.bytes(PasswordHash.saltBytes)
        let hash = try await derive(password, salt, cost)
        return PasswordHash(cost: cost, salt: salt, hash: hash)
    }

    /// Whether `password` is the one that `hash` was made of.
    func verify(_ password: Password, _ hash: PasswordHash) async throws -> Bool {
        hash.matches(try await derive(password, hash.salt, hash.cost))
    }

    private func derive(_ password: Password, _ salt: [UInt8], _ cost: ScryptCost) async throws -> [UInt8] {
        let isAdmitted = waiting.withLock { waiting in
            guard waiting < Self.queueMax else { return false }
            waiting += 1
            return true
        }
        guard isAdmitted else {
            throw Problem.tooManyRequests(
                code: "too-many-attempts", detail: "too many passwords are being checked",
                retryAfter: Self.retryAfterSeconds)
        }
        defer { waiting.withLock { $0 -= 1 } }
        let cancellation = Cancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                queue.async {
                    continuation.resume(
                        with: Result {
                            // Whoever stopped waiting should not cost the next one half a second.
                            if cancellation.happened { throw CancellationError() }
                            return try Self.scrypt(password, salt, cost)
                        })
                }
            }
        } onCancel: {
            cancellation.happen()
        }
    }

    private static func scrypt(_ password: Password, _ salt: [UInt8], _ cost: ScryptCost) throws -> [UInt8] {
        let key = try KDF.Scrypt.deriveKey(
            from: password.bytes, salt: salt, outputByteCount: PasswordHash.hashBytes, rounds: 1 << cost.log2N,
            blockSize: cost.blockSize, parallelism: cost.parallelism)
        return key.withUnsafeBytes { Array($0) }
    }

    private final class Cancellation: Sendable {
        private let flag = Atomic<Bool>(false)

        var happened: Bool { flag.load(ordering: .relaxed) }

        func happen() { flag.store(true, ordering: .relaxed) }
    }
}
