import Contracts

/// What changed, as the audit trail keeps it: JSON whose values are words, numbers and ids of ours, with nothing to
/// escape.
extension Booking {
    /// The booking, with the tickets that are made or taken back.
    func auditText(_ tickets: [String] = []) -> String {
        var text = #"{"status":"\#(status.rawValue)","paymentStatus":"\#(paymentStatus.rawValue)""#
        if let total = deal?.total { text += #","total":\#(total.minorUnits),"currency":"\#(total.currency)""# }
        if refundedMinorUnits > 0 { text += #","refunded":\#(refundedMinorUnits)"# }
        if let failure { text += #","failure":"\#(failure.rawValue)""# }
        if !tickets.isEmpty { text += #","tickets":["\#(tickets.joined(separator: #"",""#))"]"# }
        return text + "}"
    }
}

extension Ticket {
    /// The ticket; who holds it is left out, so that the trail is nobody's address book.
    var auditText: String {
        #"{"ticket":"\#(id)","status":"\#(status.rawValue)","codeVersion":\#(codeVersion)}"#
    }
}
