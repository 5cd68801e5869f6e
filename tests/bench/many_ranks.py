#!/usr/bin/env python3
"""Compares what it costs many ranks to save and to restore one state together.

    many_ranks.py --program BUILD/tests/bench/many_ranks --dir FOLDER [--workload w1,w5] [--ranks 1,2,4] [--repetitions 5]
                  [--torch PYTHON]

Contenders are those of many_ranks.cpp, and with --torch, a Python that imports PyTorch, its Distributed Checkpoint: DTensors
on a mesh of as many processes (gloo). They take turns, and the least of all repetitions counts. No contender waits for the
disk. "start" is a restore into zeros, as of a program that has just begun, "restore" one over other values: so that nothing is
changed when it fails, cairn reads twice then what is beyond 6 MiB. "others" is such a restore on another number of ranks, of 2 where 1 have saved, of 1 where 2 have, of 2 where 4 have.
Only ratios within one run mean anything; the floor is the first line of each table.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys

OTHERS = {1: 2, 2: 1, 4: 2}


def mpirun(ranks, *command):
    done = subprocess.run(["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", str(ranks), *map(str, command)], capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not lines:
        sys.exit(f"{' '.join(map(str, command))} on {ranks} ranks:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return json.loads(lines[-1])["seconds"]


def torch_rank(operation, workload, folder):
    """One rank of PyTorch's; mpirun has started it."""
    import os
    import time
    os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
    os.environ.setdefault("MASTER_PORT", "29511")
    import torch
    import torch.distributed as dist
    import torch.distributed.checkpoint as dcp
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.tensor import DTensor, Shard
    rank, ranks = int(os.environ["OMPI_COMM_WORLD_RANK"]), int(os.environ["OMPI_COMM_WORLD_SIZE"])
    torch.set_num_threads(1)
    dist.init_process_group("gloo", rank=rank, world_size=ranks)
    mesh = init_device_mesh("cpu", (ranks,))
    tensors, rows, columns = {"w1": (1, 16384, 16384), "w1s": (1, 2048, 2048), "w5": (10000, 128, 128)}[workload]
    each, longer = divmod(rows, ranks)
    mine, first = each + (rank < longer), rank * each + min(rank, longer)

    def values(i):
        return ((torch.arange(mine * columns) + first * columns + i * 7919) % 16777213).to(torch.float32).reshape(mine, columns)

    local = [values(i) if operation == "save" else torch.full((mine, columns), -1.0 if operation == "restore" else 0.0) for i in range(tensors)]
    state = {f"t{i}": DTensor.from_local(part, mesh, [Shard(0)], run_check=False, shape=torch.Size([rows, columns]), stride=(columns, 1))
             for i, part in enumerate(local)}
    dist.barrier()
    began = time.monotonic()
    if operation == "save":
        dcp.save(state, checkpoint_id=folder)
    else:
        dcp.load(state, checkpoint_id=folder)
    seconds = torch.tensor([time.monotonic() - began])
    dist.all_reduce(seconds, op=dist.ReduceOp.MAX)
    if operation != "save" and not all(torch.equal(part, values(i)) for i, part in enumerate(local)):
        sys.exit("the values are not those that were saved")
    if rank == 0:
        print(json.dumps({"seconds": round(seconds.item(), 4)}), flush=True)
    dist.destroy_process_group()


def main():
    if sys.argv[1:2] == ["--rank-of-torch"]:
        return torch_rank(*sys.argv[2:])
    parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--dir", type=pathlib.Path, required=True)
    parser.add_argument("--workload", default="w1,w5")
    parser.add_argument("--ranks", default="1,2,4")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--torch", metavar="PYTHON")
    parser.add_argument("--contenders", default="floor,cairn,hdf5")
    options = parser.parse_args()
    contenders = {name: [options.program, name] for name in options.contenders.split(",")}
    if options.torch:
        contenders["PyTorch DCP"] = [options.torch, __file__, "--rank-of-torch"]
    for workload in options.workload.split(","):
        for ranks in map(int, options.ranks.split(",")):
            seconds = {}
            for _ in range(options.repetitions):
                for name, command in contenders.items():
                    folder = options.dir / "many_ranks"
                    shutil.rmtree(folder, ignore_errors=True)
                    folder.mkdir(parents=True)
                    for what, on, operation in (("save", ranks, "save"), ("start", ranks, "start"), ("restore", ranks, "restore"), ("others", OTHERS.get(ranks, 1), "restore")):
                        took = mpirun(on, *command, operation, workload, folder)
                        seconds[name, what] = min(took, seconds.get((name, what), took))
                    shutil.rmtree(folder)
            print(f"\n| {workload} on {ranks}, seconds | save | start | restore | on {OTHERS.get(ranks, 1)} |\n|---|---|---|---|---|")
            for name in contenders:
                print(f"| {name} | " + " | ".join(f"{seconds[name, what]:.3f}" for what in ("save", "start", "restore", "others")) + " |", flush=True)


if __name__ == "__main__":
    main()
