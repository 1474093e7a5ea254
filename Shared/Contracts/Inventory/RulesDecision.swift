/// What inventory decided about one version of an event's rules: `PUT` and `DELETE /internal/events/{id}`.
///
/// The decision is stored with the version in the transaction that made it. Whoever lost the answer asks again and gets
/// the same one, whatever was sold meanwhile.
package struct RulesDecision: Sendable, Hashable, Codable {
    package enum Outcome: String, Sendable, Codable {
        /// The rules are what inventory sells by.
        case applied
        /// Nothing changed: a newer version was decided about before.
        case superseded
        /// Refused: more places of a ticket type are reserved and sold than it would have.
        case capacityBelowSold = "capacity-below-sold"
        /// Refused: seats that would go are reserved or sold.
        case seatsTaken = "seats-taken"
        /// Refused: buyers of the cancelled event are getting their money back.
        case refundsBegan = "refunds-began"
        /// The event and its stock are gone: nothing of it was held or sold.
        case removed
        /// Nothing more is sold of the event; what was sold stays.
        case closed
    }

    package let outcome: Outcome
    /// What stands against it: ids of ticket types, or names of sections.
    package let conflicts: [String]

    package init(_ outcome: Outcome, conflicts: [String] = []) {
        self.outcome = outcome
        self.conflicts = conflicts
    }
}
