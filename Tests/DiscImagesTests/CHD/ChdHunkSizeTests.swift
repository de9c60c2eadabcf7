import DiscImages
import Testing

/// The hunks of images of DVDs and BDs: of no size there are too many to be read back.
@Suite struct ChdHunkSizeTests {
    @Test(arguments: [
        (2048, 4096), (4_700_372_992, 4096), (25_025_314_816, 4096), (34_359_738_368, 4096),
        (34_359_740_416, 8192), (50_050_629_632, 8192), (100_103_356_416, 16384),
        (128_001_769_472, 16384),
    ])
    func `Hunks get longer before they get too many`(bytes: Int, size: Int) {
        #expect(ChdHunkSize.ofData(bytes) == size)
        #expect((bytes + size - 1) / size <= ChdHunkSize.mostHunksAnyway)
    }
}
