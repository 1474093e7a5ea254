/// A hint for the operator with the number that it rests on.
public struct ContentionAdvice: Sendable, Equatable {
    /// Stable name of the rule.
    public var code: String
    /// What was seen and what may help.
    public var message: String
    /// The resource it is about; nil when it is about all.
    public var resourceKey: String?
    /// What was measured.
    public var value: Double
    /// What it was compared with.
    public var threshold: Double
}

extension ContentionAdvice {
    /// Fewer attempts than this are an anecdote.
    private static let attemptsMin = 100

    /// The rules, each with its number; most of them need enough attempts to mean something.
    static func given(
        totals: LockStatistics, hottest: [ContentionSnapshot.Resource], lease: Duration
    ) -> [ContentionAdvice] {
        var advice: [ContentionAdvice] = []
        func add(_ code: String, _ value: Double, over threshold: Double, key: String? = nil, _ message: String) {
            guard value > threshold else { return }
            advice.append(
                ContentionAdvice(code: code, message: message, resourceKey: key, value: value, threshold: threshold))
        }
        add(
            "backend-errors", Double(totals.backendErrors), over: 0,
            "Redis failed \(totals.backendErrors) lock operations; this is not contention."
                + " Look at Redis and the network.")
        add(
            "leases-lost", Double(totals.expired), over: 0,
            "\(totals.expired) locks were lost before they were released."
                + " Lengthen the lease or shorten the work under it.")
        add(
            "fence-refused", Double(totals.fenceRefused), over: 0,
            "\(totals.fenceRefused) writes came with a stale token and were refused: their holders had lost the lock.")
        let halfLease = Double(lease.wholeMilliseconds) / 2
        add(
            "hold-near-lease", totals.hold.p99, over: halfLease,
            "Holds take \(rounded(totals.hold.p99)) ms at p99, over half the lease of \(lease.wholeMilliseconds) ms.")
        guard totals.totalAttempts >= attemptsMin else { return advice }
        add(
            "high-contention", totals.contentionRate, over: 0.5,
            "\(rounded(totals.contentionRate * 100)) % of \(totals.totalAttempts) attempts were refused."
                + " A waiting room or best-available seating spreads the crowd.")
        if let first = hottest.first {
            add(
                "hot-resource", first.waitShare, over: 0.2, key: first.resourceKey,
                "\(rounded(first.waitShare * 100)) % of all waiting is for \(first.resourceKey).")
        }
        return advice
    }

    private static func rounded(_ value: Double) -> String {
        String((value * 10).rounded() / 10)
    }
}
