import Contracts
import HTTPTypes
import ServiceKit
import TestSupport
import Testing

@testable import auth

@Suite struct PasswordHasherTests {
    @Test func `a hash checks its own password and no other, and never repeats`() async throws {
        let hasher = PasswordHasher(cost: AuthHarness.cheap)
        let password = Password(claimed: "correct horse battery")
        let hash = try await hasher.hash(password)
        let again = try await hasher.hash(password)
        #expect(hash != again)
        #expect(try await hasher.verify(password, hash))
        #expect(try await hasher.verify(password, try #require(PasswordHash(parsing: hash.description))))
        #expect(try await hasher.verify(Password(claimed: "correct horse batterx"), hash) == false)
    }

    /// Enough of them that one byte which need not fit would let some in.
    @Test func `of two thousand wrong passwords none is let in`() async throws {
        let hasher = PasswordHasher(cost: AuthHarness.cheap)
        let hash = try await hasher.hash(Password(claimed: "correct horse battery"))
        var letIn = 0
        for number in 0..<2_000 where try await hasher.verify(Password(claimed: "wrong guess \(number)"), hash) {
            letIn += 1
        }
        #expect(letIn == 0)
    }

    /// The test vector of RFC 7914, section 12: N = 1024, r = 8, p = 16, and the first 32 of its 64 bytes.
    @Test func `the function is the standard's scrypt`() async throws {
        let expected = "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
        let hash = PasswordHash(
            cost: ScryptCost(log2N: 10, blockSize: 8, parallelism: 16), salt: Array("NaCl".utf8),
            hash: try #require(Hexadecimal.decode(expected)))
        let hasher = PasswordHasher(cost: AuthHarness.cheap)
        #expect(try await hasher.verify(Password(claimed: "password"), hash))
    }

    @Test func `a hash of the lowest cost that can be set works, and says its parameters`() async throws {
        let cost = try #require(ScryptCost(log2N: 13))
        let hasher = PasswordHasher(cost: cost)
        let hash = try await hasher.hash(Password(claimed: "correct horse battery"))
        #expect(hash.description.hasPrefix("$scrypt$ln=13,r=8,p=10$"))
    }

    @Test func `costs below the floor cannot be made from settings`() {
        #expect(ScryptCost(log2N: 12) == nil)
        #expect(ScryptCost(log2N: 18) == nil)
        let pairs = ScryptCost.log2NRange.compactMap(ScryptCost.init(log2N:)).map { "\($0.log2N)/\($0.parallelism)" }
        #expect(pairs == ["13/10", "14/5", "15/3", "16/2", "17/1"])
    }

    @Test func `the queue is short, and full it refuses at once`() async throws {
        let slow = PasswordHasher(cost: ScryptCost(log2N: 10, blockSize: 8, parallelism: 4))
        let outcomes = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<60 {
                group.addTask {
                    do {
                        _ = try await slow.hash(Password(claimed: "correct horse battery"))
                        return 200
                    } catch let problem as Problem {
                        return problem.retryAfterSeconds == PasswordHasher.retryAfterSeconds ? problem.status.code : 0
                    } catch {
                        return 0
                    }
                }
            }
            return await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(outcomes.allSatisfy { $0 == 200 || $0 == 429 })
        #expect(outcomes.count { $0 == 200 } >= PasswordHasher.queueMax)
        #expect(outcomes.contains(429))
        _ = try await slow.hash(Password(claimed: "there is room again"))
    }

    @Test func `whoever stops waiting costs nobody a hash`() async throws {
        let slow = PasswordHasher(cost: ScryptCost(log2N: 12, blockSize: 8, parallelism: 4))
        async let running = slow.hash(Password(claimed: "correct horse battery"))
        let waiting = Task { try await slow.hash(Password(claimed: "correct horse battery")) }
        waiting.cancel()
        let result = await waiting.result
        #expect(throws: CancellationError.self) { try result.get() }
        _ = try await running
    }

    @Test(arguments: [
        "", "$scrypt$", "$argon2id$ln=17,r=8,p=1$AAAA$AAAA", "$scrypt$ln=17,r=8$AAAA$AAAA",
        "$scrypt$ln=40,r=8,p=1$AAAA$AAAA", "$scrypt$ln=17,r=8,p=1$AAAA$AAAA", "scrypt$ln=17,r=8,p=1$AAAA$AAAA",
    ])
    func `what is no hash is not read as one`(text: String) {
        #expect(PasswordHash(parsing: text) == nil)
    }
}
