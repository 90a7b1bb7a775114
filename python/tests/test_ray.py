"""Reports read by Ray Data, with the function that Spark uses."""

import pytest

import luoshu

ray = pytest.importorskip("ray")
pyarrow = pytest.importorskip("pyarrow")


def test_rows_in_rows_out(lesson):
    import ray.data

    import luoshu.ray

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        names = ["clean-2021-tabs", "claim-off", "row-short-undecided"]
        files = ray.data.from_items([{"path": name, "bytes": lesson(name).read_bytes()} for name in names])
        parsed = files.map_batches(luoshu.ray.Parse, batch_format="pyarrow", concurrency=1).take_all()
    finally:
        ray.shutdown()
    assert {row["file"]: row["status"] for row in parsed} == dict.fromkeys(names, "ok")
    for row in parsed:
        expected = pyarrow.table(luoshu.parse(lesson(row["file"]), name=row["file"]).values).to_pylist()
        assert [value["raw"] for value in row["values"]] == [value["raw"] for value in expected]
