import Contracts
import Foundation
import HTTPTypes
import ServiceKit

/// The answers to a confirmation, written once: sent, stored and given again byte by byte.
enum BookingAnswers {
    /// The address that stored refusals name as theirs.
    static let instance = "/api/bookings/confirm"

    /// 201 with the booking and its tickets.
    static func confirmed(_ booking: Booking, _ tickets: [Ticket]) throws -> StoredReply {
        StoredReply(status: 201, body: try text(document(booking, tickets)))
    }

    /// 202: the outcome is not known yet.
    ///
    /// Made from the booking each time it is asked for; repeats are equal as long as the booking is.
    static func pending(_ booking: Booking) throws -> StoredReply {
        StoredReply(status: 202, body: try text(document(booking, [])))
    }

    /// 200 with a booking whose tickets were taken back, all or some, and their money and places with them.
    static func cancelled(_ found: BookingStore.Found) throws -> StoredReply {
        StoredReply(status: 200, body: try text(document(found.booking, found.tickets)))
    }

    /// 202: the tickets are cancelled for good; their money or their places are still on their way.
    static func beingCancelled(_ found: BookingStore.Found) throws -> StoredReply {
        StoredReply(status: 202, body: try text(document(found.booking, found.tickets)))
    }

    /// The refusal of a booking that was executed and came to nothing.
    static func failed(_ reason: FailureReason, declineDetail: String?) throws -> StoredReply {
        let problem = Problem(reason, declineDetail: declineDetail)
        return StoredReply(
            status: problem.status.code, contentType: ProblemDocument.mediaType,
            body: try text(problem.document(instance: instance)))
    }

    private static func document(_ booking: Booking, _ tickets: [Ticket]) throws -> BookingDocument {
        guard let document = booking.document(tickets) else { throw Problem.internalError }
        return document
    }

    private static func text(_ value: some Encodable) throws -> String {
        String(decoding: try WireJSON.encoder.encode(value), as: UTF8.self)
    }
}
