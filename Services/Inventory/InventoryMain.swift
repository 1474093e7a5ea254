import ServiceKit

/// The inventory service: seats, holds and the locks that guard them.
@main
enum InventoryMain {
    static func main() async {
        await ServiceRunner.main(InventoryMain.self)
    }
}
