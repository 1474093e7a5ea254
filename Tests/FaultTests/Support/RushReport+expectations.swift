import Checker
import Testing

@testable import flashsale

extension RushReport {
    /// Expects that every seat was sold once, that every service says the same, and that nobody was answered strangely.
    func expectEverythingSold(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(audit.isClean, "\(self)", sourceLocation: sourceLocation)
        #expect(seatsBought == seats, "\(self)", sourceLocation: sourceLocation)
        #expect(surprises.isEmpty, "\(self)", sourceLocation: sourceLocation)
    }
}
