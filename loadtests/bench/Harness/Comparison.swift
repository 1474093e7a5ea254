/// One line of the table: a figure beside its reference, and what the ratio of both shall be.
struct Comparison: Sendable {
    /// A figure of a contender.
    struct Term: Sendable {
        let contender: String
        let figure: Figure

        init(_ contender: String, _ figure: Figure) {
            self.contender = contender
            self.figure = figure
        }

        /// The figure in each round in which it was measured.
        func values(in samples: [String: [Sample]]) -> [Double] {
            samples[contender, default: []].compactMap { $0[figure] }
        }
    }

    /// What the ratio, or the figure itself where there is no reference, shall be.
    enum Target: Sendable, CustomStringConvertible {
        case atLeast(Double)
        case atMost(Double)
        /// Shown because it explains the others.
        case none

        func isMet(by value: Double) -> Bool {
            switch self {
            case .atLeast(let bound): value >= bound
            case .atMost(let bound): value <= bound
            case .none: true
            }
        }

        var description: String {
            switch self {
            case .atLeast(let bound): "at least \(Quantity.text(bound))"
            case .atMost(let bound): "at most \(Quantity.text(bound))"
            case .none: "for information"
            }
        }
    }

    /// What is compared, with its unit.
    let what: String
    let measured: Term
    /// Nil where the target is the figure itself.
    let reference: Term?
    let target: Target

    init(_ what: String, _ measured: Term, to reference: Term? = nil, _ target: Target = .none) {
        self.what = what
        self.measured = measured
        self.reference = reference
        self.target = target
    }

    /// The ratio in each round, or the figure itself.
    func ratios(in samples: [String: [Sample]]) -> [Double] {
        let values = measured.values(in: samples)
        guard let reference else { return values }
        return zip(values, reference.values(in: samples)).map { $1 == 0 ? 0 : $0 / $1 }
    }
}
