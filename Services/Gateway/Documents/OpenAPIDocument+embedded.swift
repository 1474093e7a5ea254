extension OpenAPIDocument {
    /// The fragments that are built into this executable, the frame first, then in the order of the page.
    static let embedded = [
        Fragment(name: "document.json", bytes: PackageResources.document_json),
        Fragment(name: "problems.json", bytes: PackageResources.problems_json),
        Fragment(name: "auth.json", bytes: PackageResources.auth_json),
        Fragment(name: "auth-schemas.json", bytes: PackageResources.auth_schemas_json),
        Fragment(name: "events.json", bytes: PackageResources.events_json),
        Fragment(name: "concerts.json", bytes: PackageResources.concerts_json),
        Fragment(name: "availability.json", bytes: PackageResources.availability_json),
        Fragment(name: "events-requests.json", bytes: PackageResources.events_requests_json),
        Fragment(name: "events-schemas.json", bytes: PackageResources.events_schemas_json),
        Fragment(name: "inventory.json", bytes: PackageResources.inventory_json),
        Fragment(name: "inventory-schemas.json", bytes: PackageResources.inventory_schemas_json),
        Fragment(name: "cart.json", bytes: PackageResources.cart_json),
        Fragment(name: "holds.json", bytes: PackageResources.holds_json),
        Fragment(name: "holds-schemas.json", bytes: PackageResources.holds_schemas_json),
        Fragment(name: "booking.json", bytes: PackageResources.booking_json),
        Fragment(name: "tickets.json", bytes: PackageResources.tickets_json),
        Fragment(name: "booking-schemas.json", bytes: PackageResources.booking_schemas_json),
        Fragment(name: "payment.json", bytes: PackageResources.payment_json),
        Fragment(name: "search.json", bytes: PackageResources.search_json),
        Fragment(name: "monitoring.json", bytes: PackageResources.monitoring_json),
        Fragment(name: "gateway.json", bytes: PackageResources.gateway_json),
        Fragment(name: "reconciliation-schemas.json", bytes: PackageResources.reconciliation_schemas_json),
    ]
}
