/// The work of one password hash. Block size 8 throughout; memory is 2^log2N × 1 KiB.
///
/// The pairs are OWASP's equivalents, so whatever is configured, a hash never costs an attacker less than that.
struct ScryptCost: Sendable, Hashable {
    static let log2NRange = 13...17

    let log2N: Int
    let blockSize: Int
    let parallelism: Int

    /// The equivalent with 2^`log2N`; nil outside ``log2NRange``.
    init?(log2N: Int) {
        let parallelisms = [13: 10, 14: 5, 15: 3, 16: 2, 17: 1]
        guard let parallelism = parallelisms[log2N] else { return nil }
        self.init(log2N: log2N, blockSize: 8, parallelism: parallelism)
    }

    /// Any cost: of a stored hash, which may be older than today's floor, or of a test.
    init(log2N: Int, blockSize: Int, parallelism: Int) {
        self.log2N = log2N
        self.blockSize = blockSize
        self.parallelism = parallelism
    }
}
