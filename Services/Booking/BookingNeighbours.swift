import Contracts
import ServiceKit

/// The other services as booking calls them, which tests replace.
struct BookingNeighbours: Sendable {
    let reservations: any ReservationClient
    let sales: any SaleClient
    let charges: any ChargeClient
    let events: any EventFeed
    let accounts: any AccountDirectory

    init(
        reservations: any ReservationClient, sales: any SaleClient, charges: any ChargeClient, events: any EventFeed,
        accounts: any AccountDirectory
    ) {
        self.reservations = reservations
        self.sales = sales
        self.charges = charges
        self.events = events
        self.accounts = accounts
    }

    /// Over HTTP.
    init(_ environment: ServiceEnvironment) {
        let inventory = HTTPInventoryClient(environment.caller(of: .inventory))
        self.init(
            reservations: inventory, sales: inventory,
            charges: HTTPPaymentClient(environment.caller(of: .payment)),
            events: HTTPEventsClient(environment.caller(of: .events)),
            accounts: HTTPAuthClient(environment.caller(of: .auth)))
    }
}
